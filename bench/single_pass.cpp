// The limit: one pass over the file by compiled code that knows its columns and checks nothing.
//
//   single_pass FILE THREADS OUT.csv
//
// Each thread tokenises its share 64 bytes at a time and folds purchases by customer; a share
// begins after the first line break that the quotes before it leave outside a quoted field.
// OUT.csv: customer, first and last purchase (epoch seconds), orders, purchase days, cents.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif

#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>
#include <vector>

using std::string_view;
using Mask = uint64_t;

constexpr int kColumns = 14, kEvent = 0, kPrice = 4, kQuantity = 5, kCustomer = 6, kDate = 13;
constexpr int kBlock = 64;

struct Purchase {
    uint32_t customer;
    int64_t at, cents;
};

// Bit i tells whether byte i of a block is `wanted`.
static Mask matches(const char* block, char wanted) {
#if defined(__AVX512BW__)
    return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(block), _mm512_set1_epi8(wanted));
#elif defined(__AVX2__)
    const auto half = [&](const char* at) {
        const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
        const __m256i equal = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(wanted));
        return static_cast<Mask>(static_cast<uint32_t>(_mm256_movemask_epi8(equal)));
    };
    return half(block) | half(block + 32) << 32;
#else
    Mask found = 0;
    for (int i = 0; i < kBlock; i++) found |= static_cast<Mask>(block[i] == wanted) << i;
    return found;
#endif
}

// Bit i tells whether an odd number of bits is set up to and including bit i.
static Mask parity(Mask bits) {
    for (int step = 1; step < kBlock; step *= 2) bits ^= bits << step;
    return bits;
}

// Customers by their id, numbered as they come; ids of up to 16 bytes, as one 128-bit key.
class Customers {
   public:
    Customers() : slots_(1 << 20, kEmpty) {}

    uint32_t number(string_view id) {
        Key key{};
        memcpy(&key, id.data(), std::min(id.size(), sizeof key));
        uint64_t at = place(key);
        while (slots_[at] != kEmpty) {
            if (same(keys_[slots_[at]], key)) return slots_[at];
            at = (at + 1) & (slots_.size() - 1);
        }
        slots_[at] = static_cast<uint32_t>(keys_.size());
        keys_.push_back(key);
        if (keys_.size() * 2 > slots_.size()) grow();
        return static_cast<uint32_t>(keys_.size() - 1);
    }

    string_view id(uint32_t number) const {
        const auto* bytes = reinterpret_cast<const char*>(&keys_[number]);
        return {bytes, strnlen(bytes, sizeof(Key))};
    }

    size_t size() const { return keys_.size(); }

   private:
    struct Key {
        uint64_t head, tail;
    };
    static constexpr uint32_t kEmpty = UINT32_MAX;
    static bool same(Key one, Key two) { return one.head == two.head && one.tail == two.tail; }

    uint64_t place(Key key) const {
        uint64_t mixed = (key.head ^ key.tail * 0x9E3779B97F4A7C15ULL) * 0xD6E8FEB86659FD93ULL;
        return (mixed ^ mixed >> 32) & (slots_.size() - 1);
    }

    void grow() {
        slots_.assign(slots_.size() * 4, kEmpty);
        for (uint32_t number = 0; number < keys_.size(); number++) {
            uint64_t at = place(keys_[number]);
            while (slots_[at] != kEmpty) at = (at + 1) & (slots_.size() - 1);
            slots_[at] = number;
        }
    }

    std::vector<uint32_t> slots_;
    std::vector<Key> keys_;
};

static int64_t whole(const char* at, int digits) {
    int64_t value = 0;
    while (digits--) value = value * 10 + (*at++ - '0');
    return value;
}

static int64_t whole(string_view text) { return whole(text.data(), static_cast<int>(text.size())); }

static int64_t cents(string_view text) {  // two decimals, as the file has them
    return whole(text.substr(0, text.size() - 3)) * 100 + whole(text.substr(text.size() - 2));
}

static int64_t days_since_1970(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719468;
}

// "Sat, 01 Jan 2022 00:00:05 +0530" as epoch seconds.
static int64_t instant(string_view text) {
    static const string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char* at = text.data() + 5;
    const int64_t month = static_cast<int64_t>(kMonths.find({at + 3, 3})) / 3 + 1;
    const int64_t days = days_since_1970(whole(at + 7, 4), month, whole(at, 2));
    const int64_t seconds = whole(at + 12, 2) * 3600 + whole(at + 15, 2) * 60 + whole(at + 18, 2);
    const int64_t ahead = (whole(at + 22, 2) * 60 + whole(at + 24, 2)) * 60;
    return days * 86400 + seconds - (at[21] == '-' ? -ahead : ahead);
}

struct Share {
    Customers customers;
    std::vector<Purchase> purchases;
    const char* fields[kColumns + 1];
    int field = 0;

    string_view cell(int column) const {
        const char* from = fields[column];
        auto length = static_cast<size_t>(fields[column + 1] - from - 1);
        return *from == '"' ? string_view(from + 1, length - 2) : string_view(from, length);
    }

    void row() {
        if (field != kColumns || cell(kEvent) != "PURCHASED") return;
        const int64_t amount = cents(cell(kPrice)) * whole(cell(kQuantity));
        const uint32_t customer = customers.number(cell(kCustomer));
        purchases.push_back({customer, instant(cell(kDate)), amount});
    }

    void read(const char* from, const char* end) {
        fields[0] = from;
        Mask quoted = 0;  // all ones while a quoted field goes on
        char last[kBlock];
        for (const char* at = from; at < end; at += kBlock) {
            const char* block = at;
            if (end - at < kBlock) {
                memset(last, 0, sizeof last);
                memcpy(last, at, static_cast<size_t>(end - at));
                block = last;
            }
            const Mask inside = parity(matches(block, '"')) ^ quoted;
            quoted = static_cast<Mask>(static_cast<int64_t>(inside) >> 63);
            Mask breaks = (matches(block, ',') | matches(block, '\n')) & ~inside;
            for (; breaks; breaks &= breaks - 1) {
                const int place = __builtin_ctzll(breaks);
                if (field < kColumns) fields[++field] = at + place + 1;
                if (block[place] != '\n') continue;
                row();
                field = 0;
                fields[0] = at + place + 1;
            }
        }
    }
};

template <typename Work>
static void in_parallel(size_t times, Work work) {
    std::vector<std::thread> threads;
    for (size_t i = 0; i < times; i++) threads.emplace_back(work, i);
    for (auto& thread : threads) thread.join();
}

// Where each share begins, and the file ends.
static std::vector<const char*> cuts(const char* file, size_t bytes, size_t shares) {
    std::vector<const char*> found(shares + 1);
    for (size_t i = 0; i <= shares; i++) found[i] = file + bytes / shares * i;
    found[shares] = file + bytes;
    std::vector<size_t> quotes(shares);
    in_parallel(shares, [&](size_t i) {
        quotes[i] = static_cast<size_t>(std::count(found[i], found[i + 1], '"'));
    });
    size_t before = 0;
    for (size_t i = 1; i < shares; i++) {
        before += quotes[i - 1];
        bool inside = before % 2;
        const char* at = found[i];
        for (; at < found[shares] && (inside || *at != '\n'); at++) inside ^= *at == '"';
        found[i] = at + 1;
    }
    return found;
}

static void write(const char* path, const Customers& customers, std::vector<Purchase>& purchases) {
    std::vector<uint32_t> begin(customers.size() + 1);
    for (const auto& one : purchases) begin[one.customer + 1]++;
    for (size_t i = 1; i < begin.size(); i++) begin[i] += begin[i - 1];
    std::vector<Purchase> sorted(purchases.size());
    std::vector<uint32_t> next(begin.begin(), begin.end() - 1);
    for (const auto& one : purchases) sorted[next[one.customer]++] = one;
    FILE* out = fopen(path, "w");
    fputs("CustomerID,first_at,last_at,orders,days,cents\n", out);
    for (uint32_t i = 0; i < customers.size(); i++) {
        const auto from = sorted.begin() + begin[i], end = sorted.begin() + begin[i + 1];
        std::sort(from, end, [](auto& one, auto& two) { return one.at < two.at; });
        int64_t orders = 0, days = 0, total = 0, at = INT64_MIN, day = INT64_MIN;
        for (auto one = from; one < end; one++) {
            orders += one->at != at;
            days += one->at / 86400 != day;
            total += one->cents;
            at = one->at, day = at / 86400;
        }
        const string_view id = customers.id(i);
        fprintf(out, "%.*s", static_cast<int>(id.size()), id.data());
        for (const int64_t value : {from->at, at, orders, days, total})
            fprintf(out, ",%" PRId64, value);
        fputc('\n', out);
    }
    fclose(out);
}

int main(int count, char** words) {
    if (count != 4) return 2;
    struct stat about;
    const int descriptor = open(words[1], O_RDONLY);
    if (descriptor < 0 || fstat(descriptor, &about)) return 1;
    const auto bytes = static_cast<size_t>(about.st_size);
    const auto shares = static_cast<size_t>(atoi(words[2]));
    void* mapped = mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (mapped == MAP_FAILED) return 1;
    const auto from = cuts(static_cast<const char*>(mapped), bytes, shares);
    std::vector<Share> found(shares);
    in_parallel(shares, [&](size_t i) { found[i].read(from[i], from[i + 1]); });
    Share& all = found[0];
    for (size_t i = 1; i < shares; i++) {
        std::vector<uint32_t> number(found[i].customers.size());
        for (uint32_t j = 0; j < number.size(); j++)
            number[j] = all.customers.number(found[i].customers.id(j));
        for (const auto& one : found[i].purchases)
            all.purchases.push_back({number[one.customer], one.at, one.cents});
    }
    write(words[3], all.customers, all.purchases);
    return 0;
}
