"""Headers and order statuses in other languages: German, French, Spanish, Italian, Dutch and more.

Portuguese, Swedish and Polish are the others. A header means the same whatever the language of the
rest of the file.
"""

from __future__ import annotations

from collections.abc import Mapping

from tessera.events.names import PURCHASED, REFUNDED, normalised
from tessera.events.reasons import CANCELLED_ORDER, TEST_ORDER, UNPAID_ORDER

HEADERS: Mapping[str, tuple[str, ...]] = {
    "customer_id": (
        "Kundennummer", "Kunden-Nr.", "KundenNr", "Kunden-ID", "Numéro client", "N° client",
        "Code client", "ID client", "Número de cliente", "ID cliente", "Código de cliente",
        "Codice cliente", "Numero cliente", "Klantnummer", "Klant-ID", "Número do cliente",
        "Código do cliente", "Kundnummer", "Numer klienta", "ID klienta",
    ),
    "date": (
        "Bestelldatum", "Datum", "Auftragsdatum", "Rechnungsdatum", "Kaufdatum",
        "Date de commande", "Date commande", "Date d'achat", "Date de facture", "Fecha",
        "Fecha de pedido", "Fecha del pedido", "Fecha de compra", "Data", "Data ordine",
        "Data dell'ordine", "Data acquisto", "Besteldatum", "Orderdatum", "Factuurdatum",
        "Data do pedido", "Data da compra", "Beställningsdatum", "Data zamówienia",
    ),
    "unit_price": (
        "Einzelpreis", "Stückpreis", "Preis", "Prix unitaire", "Prix", "Precio unitario", "Precio",
        "Prezzo unitario", "Prezzo", "Stukprijs", "Prijs", "Preço unitário", "Preço", "Styckpris",
        "Pris", "Cena jednostkowa", "Cena",
    ),
    "quantity": (
        "Menge", "Anzahl", "Stück", "Quantité", "Qté", "Cantidad", "Quantità", "Qtà", "Aantal",
        "Hoeveelheid", "Quantidade", "Antal", "Ilość",
    ),
    "amount": (
        "Gesamt", "Gesamtpreis", "Gesamtbetrag", "Summe", "Betrag", "Umsatz", "Montant",
        "Montant total", "Prix total", "Importe", "Importe total", "Monto", "Importo",
        "Totale", "Importo totale", "Totale ordine", "Bedrag", "Totaal", "Totaalbedrag", "Valor",
        "Valor total", "Belopp", "Summa", "Totalt", "Kwota", "Wartość", "Suma",
    ),
    "currency": (
        "Währung", "Waehrung", "Devise", "Moneda", "Divisa", "Valuta", "Moeda", "Waluta",
    ),
    "order_id": (
        "Bestellnummer", "Bestell-Nr.", "Auftragsnummer", "Rechnungsnummer", "Belegnummer",
        "Numéro de commande", "N° de commande", "N° commande", "Commande", "Numéro de facture",
        "Número de pedido", "Nº de pedido", "Pedido", "Numero ordine", "Numero d'ordine", "Ordine",
        "Bestelnummer", "Ordernummer", "Factuurnummer", "Número do pedido", "Numer zamówienia",
    ),
    "product_code": ("Artikelnummer", "Référence", "Referencia", "Codice articolo", "Referência"),
    "product_name": (
        "Artikel", "Produkt", "Artikelname", "Article", "Produit", "Artículo", "Producto",
        "Articolo", "Prodotto", "Produto",
    ),
    "product_category": (
        "Kategorie", "Produktkategorie", "Artikelkategorie", "Warengruppe", "Catégorie",
        "Catégorie de produit", "Categoría", "Categoría de producto", "Categoria",
        "Categoria prodotto", "Categorie", "Productcategorie", "Categoria do produto", "Kategori",
        "Produktkategori", "Kategoria", "Kategoria produktu",
    ),
    "username": (
        "Kundenname", "Nom du client", "Nombre del cliente", "Nome cliente", "Klantnaam",
        "Nome do cliente", "Kundnamn",
    ),
    "address": (
        "E-Mail-Adresse", "Mailadresse", "Courriel", "Adresse e-mail", "Adresse email",
        "Correo electrónico", "Correo", "Indirizzo e-mail", "Indirizzo email", "E-mailadres",
        "Endereço de e-mail", "E-postadress", "E-post", "Adres e-mail",
    ),
    "city": ("Stadt", "Ort", "Wohnort", "Ville", "Ciudad", "Città", "Plaats", "Cidade", "Miasto"),
    "country": ("Land", "Pays", "País", "Paese", "Kraj"),
}  # fmt: skip
STATUS_HEADERS = tuple(map(normalised, (
    "Status", "Order status", "Bestellstatus", "Auftragsstatus", "Statut", "Statut de commande",
    "Estado", "Estado del pedido", "Stato", "Stato ordine", "Stan", "Status zamówienia",
    "Orderstatus", "Bestelstatus", "Status do pedido", "Estado do pedido",
)))  # fmt: skip
_WORDS = {
    PURCHASED: (
        "paid", "complete", "completed", "closed", "open", "processing", "in progress", "on hold",
        "shipped", "delivered", "fulfilled", "dispatched", "partially refunded", "confirmed",
        "abgeschlossen", "bezahlt", "offen", "in Bearbeitung", "versendet", "versandt", "geliefert",
        "terminée", "terminé", "payée", "payé", "en cours", "expédiée", "livrée", "completado",
        "pagado", "en proceso", "enviado", "entregado", "completato", "pagato", "in lavorazione",
        "spedito", "consegnato", "voltooid", "betaald", "in behandeling", "verzonden", "geleverd",
        "concluído", "pago", "em processamento", "enviado", "entregue", "slutförd", "betald",
        "skickad", "zrealizowane", "opłacone", "wysłane",
    ),
    REFUNDED: (
        "fully refunded", "erstattet", "rückerstattet", "zurückerstattet", "remboursée",
        "remboursé", "reembolsado", "reembolsada", "rimborsato", "terugbetaald", "återbetald",
        "return", "returned", "Retoure", "retourniert", "zurückgesendet", "retour", "retourné",
        "retournée", "devuelto", "devolución", "reso", "restituito", "geretourneerd", "devolvido",
        "devolução", "retur", "returnerad", "zwrot", "zwrócone",
    ),
    CANCELLED_ORDER.code: (
        "cancelled", "canceled", "cancel", "storniert", "Storno", "abgebrochen", "annulée",
        "annulé", "cancelado", "anulado", "annullato", "geannuleerd", "cancelada", "avbruten",
        "anulowane",
    ),
    UNPAID_ORDER.code: (
        "pending", "pending payment", "failed", "voided", "unpaid", "expired", "declined", "draft",
        "awaiting payment", "fehlgeschlagen", "unbezahlt", "Zahlung ausstehend", "échouée",
        "en attente de paiement", "fallido", "pendiente de pago", "fallito",
        "in attesa di pagamento", "mislukt", "wacht op betaling", "falhou",
        "aguardando pagamento", "misslyckad",
    ),
    TEST_ORDER.code: ("test", "testbestellung"),
}  # fmt: skip
# What an order's status in a plain file means: an event, or the reason why it is none.
STATUSES = {normalised(word): meaning for meaning, words in _WORDS.items() for word in words}
