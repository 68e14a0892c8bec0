"""Invented names: nobody and no place in the demonstration exists; the words are made up so that this can be seen."""

GIVEN_FEMALE = (
    "Ambrelle", "Belivra", "Cassonde", "Dorvina", "Elswyth", "Fennique", "Galdora", "Hesperine", "Ilvana", "Jorunda",
    "Kessaly", "Lorimay", "Merrowen", "Nettifer", "Orlaine", "Pellimy", "Quenora", "Rosevald", "Sylvaine", "Tamsadel",
)  # fmt: skip
GIVEN_MALE = (
    "Aldomar", "Bretwin", "Corvane", "Dunstal", "Eskil", "Farrimond", "Gorwin", "Halvane", "Ibsard", "Jorwell",
    "Kelvane", "Lorcas", "Marrick", "Nordane", "Osrimund", "Pentrick", "Quillan", "Rothgar", "Sedwyn", "Tolliver",
)  # fmt: skip
FAMILY = (
    "Ashenquill", "Bramblewick", "Cattermoss", "Dunnockson", "Emberley-Foss", "Fernhollow", "Gannetsby", "Harrowmere",
    "Inglenoke", "Jessamoor", "Kestrelby", "Larkinwold", "Marshwarden", "Nettlecombe-Ray", "Ottersfold", "Pipistrell",
    "Quicksedge", "Ravensty", "Sandlingthorpe", "Thistledown", "Underhythe", "Vetchling", "Wagtailby", "Yarrowgate",
)  # fmt: skip
UNITS = {
    "CRC": {
        "Estuary North": ("Gullsreach", "Saltmarket", "Brackwater", "Tidemouth"),
        "Estuary South": ("Curlew Bay", "Mudlark Wharf", "Anchorfield", "Pilots Row"),
        "Moors East": ("Heathercross", "Peatly", "Gorsebeck", "Cairnholt"),
        "Moors West": ("Tarnfold", "Bleakedge", "Ravenspike", "Stonerigg"),
        "Lowland": ("Orchardham", "Millrace", "Dovecot Park", "Fallowfields"),
    },
    "NPS": {
        "Upper Dale": ("Becksfoot", "Forcegarth", "Hayrake", "Scarside"),
        "Lower Dale": ("Millholm", "Weirbridge", "Larchmoor", "Cobblegate"),
        "Forest": ("Charburner", "Oakstile", "Verderby", "Bracken Hill"),
        "Vale Cities": ("Minsterly", "Clothgate", "Ironquay", "Lanternworks"),
    },
}
PRISONS = ("HMP Coldharrow", "HMP Fenwall", "HMP Gritstone", "HMP Mereside")
COURTS = ("Minsterly Magistrates", "Weirbridge Magistrates", "Vale Crown Court", "Oakstile Magistrates")
BODIES = {"CRC": "Estuary and Moors CRC", "NPS": "Northern Vales"}
