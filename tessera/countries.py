"""Countries by their two letters (ISO 3166-1), from the codes and names that uploads use."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping

# Two letters, three letters, then names: in English, in the country's languages, and usual others.
_TABLE = """
AD AND Andorra; AE ARE United Arab Emirates, UAE, Emirates; AF AFG Afghanistan;
AG ATG Antigua and Barbuda; AI AIA Anguilla; AL ALB Albania; AM ARM Armenia; AO AGO Angola;
AQ ATA Antarctica; AR ARG Argentina; AS ASM American Samoa; AT AUT Austria, Österreich;
AU AUS Australia; AW ABW Aruba; AX ALA Åland Islands; AZ AZE Azerbaijan;
BA BIH Bosnia and Herzegovina, Bosnia; BB BRB Barbados; BD BGD Bangladesh;
BE BEL Belgium, België, Belgique, Belgien; BF BFA Burkina Faso; BG BGR Bulgaria, България;
BH BHR Bahrain; BI BDI Burundi; BJ BEN Benin; BL BLM Saint Barthélemy; BM BMU Bermuda;
BN BRN Brunei Darussalam, Brunei; BO BOL Bolivia;
BQ BES Bonaire, Sint Eustatius, Saba, Caribbean Netherlands; BR BRA Brazil, Brasil; BS BHS Bahamas;
BT BTN Bhutan; BV BVT Bouvet Island; BW BWA Botswana; BY BLR Belarus; BZ BLZ Belize; CA CAN Canada;
CC CCK Cocos Islands; CD COD DR Congo, Democratic Republic of the Congo, Congo Kinshasa;
CF CAF Central African Republic; CG COG Congo, Republic of the Congo, Congo Brazzaville;
CH CHE Switzerland, Schweiz, Suisse, Svizzera, Swiss; CI CIV Côte d'Ivoire, Ivory Coast;
CK COK Cook Islands; CL CHL Chile; CM CMR Cameroon;
CN CHN China, People's Republic of China, PR China, 中国; CO COL Colombia; CR CRI Costa Rica;
CU CUB Cuba; CV CPV Cabo Verde, Cape Verde; CW CUW Curaçao; CX CXR Christmas Island; CY CYP Cyprus;
CZ CZE Czechia, Czech Republic, Česko, Česká republika;
DE DEU Germany, Deutschland, Allemagne, Alemania, Federal Republic of Germany; DJ DJI Djibouti;
DK DNK Denmark, Danmark; DM DMA Dominica; DO DOM Dominican Republic; DZ DZA Algeria; EC ECU Ecuador;
EE EST Estonia, Eesti; EG EGY Egypt; EH ESH Western Sahara; ER ERI Eritrea;
ES ESP Spain, España, Spanien; ET ETH Ethiopia; FI FIN Finland, Suomi; FJ FJI Fiji;
FK FLK Falkland Islands; FM FSM Micronesia; FO FRO Faroe Islands;
FR FRA France, Frankreich, Francia; GA GAB Gabon;
GB GBR United Kingdom, UK, Great Britain, England, Scotland, Wales, Northern Ireland, Britain;
GD GRD Grenada; GE GEO Georgia; GF GUF French Guiana; GG GGY Guernsey; GH GHA Ghana;
GI GIB Gibraltar; GL GRL Greenland; GM GMB Gambia; GN GIN Guinea; GP GLP Guadeloupe;
GQ GNQ Equatorial Guinea; GR GRC Greece, EL, Hellas, Ελλάδα;
GS SGS South Georgia and the South Sandwich Islands; GT GTM Guatemala; GU GUM Guam;
GW GNB Guinea-Bissau; GY GUY Guyana; HK HKG Hong Kong; HM HMD Heard Island and McDonald Islands;
HN HND Honduras; HR HRV Croatia, Hrvatska; HT HTI Haiti; HU HUN Hungary, Magyarország;
ID IDN Indonesia; IE IRL Ireland, Éire, Republic of Ireland; IL ISR Israel; IM IMN Isle of Man;
IN IND India, Bharat; IO IOT British Indian Ocean Territory; IQ IRQ Iraq;
IR IRN Iran, Islamic Republic of Iran; IS ISL Iceland, Ísland; IT ITA Italy, Italia, Italien;
JE JEY Jersey; JM JAM Jamaica; JO JOR Jordan; JP JPN Japan, 日本, Nippon; KE KEN Kenya;
KG KGZ Kyrgyzstan; KH KHM Cambodia; KI KIR Kiribati; KM COM Comoros; KN KNA Saint Kitts and Nevis;
KP PRK North Korea, DPRK; KR KOR South Korea, Republic of Korea, 대한민국, Korea South;
KW KWT Kuwait;
KY CYM Cayman Islands; KZ KAZ Kazakhstan; LA LAO Laos, Lao People's Democratic Republic, Lao;
LB LBN Lebanon; LC LCA Saint Lucia; LI LIE Liechtenstein; LK LKA Sri Lanka; LR LBR Liberia;
LS LSO Lesotho; LT LTU Lithuania, Lietuva; LU LUX Luxembourg, Luxemburg; LV LVA Latvia, Latvija;
LY LBY Libya; MA MAR Morocco; MC MCO Monaco; MD MDA Moldova; ME MNE Montenegro; MF MAF Saint Martin;
MG MDG Madagascar; MH MHL Marshall Islands; MK MKD North Macedonia, Macedonia; ML MLI Mali;
MM MMR Myanmar, Burma; MN MNG Mongolia; MO MAC Macao, Macau; MP MNP Northern Mariana Islands;
MQ MTQ Martinique; MR MRT Mauritania; MS MSR Montserrat; MT MLT Malta; MU MUS Mauritius;
MV MDV Maldives; MW MWI Malawi; MX MEX Mexico, México; MY MYS Malaysia; MZ MOZ Mozambique;
NA NAM Namibia; NC NCL New Caledonia; NE NER Niger; NF NFK Norfolk Island; NG NGA Nigeria;
NI NIC Nicaragua; NL NLD Netherlands, Nederland, Holland, Niederlande, Pays-Bas;
NO NOR Norway, Norge; NP NPL Nepal; NR NRU Nauru; NU NIU Niue; NZ NZL New Zealand; OM OMN Oman;
PA PAN Panama; PE PER Peru; PF PYF French Polynesia; PG PNG Papua New Guinea; PH PHL Philippines;
PK PAK Pakistan; PL POL Poland, Polska, Polen; PM SPM Saint Pierre and Miquelon; PN PCN Pitcairn;
PR PRI Puerto Rico; PS PSE Palestine; PT PRT Portugal; PW PLW Palau; PY PRY Paraguay; QA QAT Qatar;
RE REU Réunion; RO ROU Romania, România; RS SRB Serbia, Srbija;
RU RUS Russian Federation, Russia, Россия; RW RWA Rwanda; SA SAU Saudi Arabia;
SB SLB Solomon Islands; SC SYC Seychelles; SD SDN Sudan; SE SWE Sweden, Sverige; SG SGP Singapore;
SH SHN Saint Helena; SI SVN Slovenia, Slovenija; SJ SJM Svalbard and Jan Mayen;
SK SVK Slovakia, Slovak Republic, Slovensko; SL SLE Sierra Leone; SM SMR San Marino; SN SEN Senegal;
SO SOM Somalia; SR SUR Suriname; SS SSD South Sudan;
ST STP Sao Tome and Principe, São Tomé and Príncipe; SV SLV El Salvador; SX SXM Sint Maarten;
SY SYR Syria, Syrian Arab Republic; SZ SWZ Eswatini, Swaziland; TC TCA Turks and Caicos Islands;
TD TCD Chad; TF ATF French Southern Territories; TG TGO Togo; TH THA Thailand; TJ TJK Tajikistan;
TK TKL Tokelau; TL TLS Timor-Leste, East Timor; TM TKM Turkmenistan; TN TUN Tunisia; TO TON Tonga;
TR TUR Türkiye, Turkey; TT TTO Trinidad and Tobago; TV TUV Tuvalu;
TW TWN Taiwan, 臺灣, 台灣, Taiwan ROC; TZ TZA Tanzania, United Republic of Tanzania;
UA UKR Ukraine, Україна; UG UGA Uganda; UM UMI United States Minor Outlying Islands;
US USA United States, United States of America, U.S. of America, America; UY URY Uruguay;
UZ UZB Uzbekistan; VA VAT Vatican City, Holy See; VC VCT Saint Vincent and the Grenadines;
VE VEN Venezuela; VG VGB British Virgin Islands; VI VIR US Virgin Islands; VN VNM Vietnam, Viet Nam;
VU VUT Vanuatu; WF WLF Wallis and Futuna; WS WSM Samoa; XK XKX Kosovo; YE YEM Yemen; YT MYT Mayotte;
ZA ZAF South Africa, RSA; ZM ZMB Zambia; ZW ZWE Zimbabwe
"""


def region_of(text: str) -> str:
    """Return a country's two letters, empty where the text names no country.

    Case, accents, spaces and punctuation make no difference.

    Examples
    --------
    >>> [region_of(text) for text in ("DEU", "de", "Deutschland", "U.S.A.", "Atlantis")]
    ['DE', 'DE', 'DE', 'US', '']
    """
    return _by_name().get(_plain(text), "")


def is_region(code: str) -> bool:
    """Return whether a code is one of the two-letter codes, in capitals."""
    return code in _regions()


@functools.cache
def _regions() -> frozenset[str]:
    return frozenset(_by_name().values())


@functools.cache
def _by_name() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for entry in " ".join(_TABLE.split()).split("; "):
        code, longer, names = entry.split(" ", 2)
        known |= {_plain(name): code for name in (code, longer, *names.split(", "))}
    return known


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum()).removeprefix("the")
