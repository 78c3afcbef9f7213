//! The cast of the demo. All addresses are under `.example` (RFC 2606): no mail can reach anybody.

/// The password of every demo login.
pub const PASSWORD: &str = "latch-key-demo-2026";

/// Accounts: owner's name, company, owner's address.
pub const OWNERS: [(&str, &str, &str); 14] = [
    ("Olivia Hart", "Hart Bakery", "olivia@hartbakery.example"),
    ("Tom Becker", "Becker Bikes", "tom@beckerbikes.example"),
    ("Amara Okafor", "Okafor Interiors", "amara@okafor.example"),
    ("Luis Ferreira", "Ferreira Wines", "luis@ferreirawines.example"),
    ("Hannah Schmidt", "Praxis Schmidt", "hannah@praxis-schmidt.example"),
    ("Kenji Mori", "Mori Ceramics", "kenji@moriceramics.example"),
    ("Priya Nair", "Nair Yoga", "priya@nairyoga.example"),
    ("George Allen", "Allen & Sons Roofing", "george@allenroofing.example"),
    ("Chloé Martin", "Atelier Martin", "chloe@ateliermartin.example"),
    ("Ravi Patel", "Patel Pharmacy", "ravi@patelpharmacy.example"),
    ("Sofia Rossi", "Rossi Travel", "sofia@rossitravel.example"),
    ("Noah Brooks", "Brooks Coffee", "noah@brookscoffee.example"),
    ("Elif Yilmaz", "", "elif@yilmaz.example"),
    ("Jonas Berg", "Berg Outdoor", "jonas@bergoutdoor.example"),
];

/// First names, last names and companies of the shop owner's contacts.
pub const FIRST: [&str; 20] = [
    "Ada", "Ben", "Clara", "David", "Emma", "Felix", "Grace", "Hugo", "Iris", "Jakob", "Klara", "Liam",
    "Mia", "Nils", "Olga", "Paul", "Quinn", "Rosa", "Samir", "Tessa",
];
/// See [`FIRST`].
pub const LAST: [&str; 11] = [
    "Carter", "Nowak", "Silva", "Andersen", "Moreau", "Haddad", "Weber", "Costa", "Petrov", "Sato",
    "Lindgren",
];
/// See [`FIRST`].
pub const COMPANIES: [&str; 7] =
    ["", "Oven & Co", "", "Millstone Supplies", "", "Fresh Flour Ltd", "Corner Kiosk"];
