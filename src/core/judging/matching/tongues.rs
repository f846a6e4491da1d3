//! Which states' authorities name themselves in a language: a letterhead in another's language is not the sender's own.
//!
//! Promises only words that leave no doubt of their language. English is everybody's, and missions in Geneva write French;
//! a language that several states share speaks for each of them alike, and so names none.

use std::sync::LazyLock;

use super::vocabulary::{Phrases, phrases};
use crate::core::iso3::Iso3;

/// Words of an authority's name in a language, and the states where authorities use it.
const TONGUES: &[(&str, &str)] = &[
    (
        "departement federal* | office federal des | secretariat d etat aux migrations | staatssekretariat fur migration",
        "CHE",
    ),
    ("bundesministerium fur inneres | bundesministerium fur europaische | bundeskanzleramt osterreich", "AUT"),
    ("bundesministerium des innern | auswartiges amt", "DEU"),
    ("amt fur auswartige angelegenheiten | regierung des furstentums | auslander und passamt", "LIE"),
    ("service public federal | federale overheidsdienst | office des etrangers", "BEL"),
    ("migrationsverket | arbetsformedlingen", "SWE"),
    ("udlaendingestyrelsen | udlaendinge og integrations*", "DNK"),
    ("utlendingsnemnda | justis og beredskaps* | arbeids og inkluderings*", "NOR"),
    ("politsei ja piirivalveamet | tooturuamet", "EST"),
    ("migracijos departamentas | vidaus reikalu | uzsienio reikalu", "LTU"),
    ("pilsonibas un migracijas | iekslietu ministrija* | arlietu ministrija*", "LVA"),
    ("idegenrendeszeti | menekultugyi | kulugyi", "HUN"),
    ("spraw cudzoziemcow | spraw wewnetrznych", "POL"),
    ("komesarijat za | uprava za strance | poverenistvo", "SRB MNE BIH"),
    ("odbor azylove | ministerstvo vnitra | prace a socialnich veci | cizinecka policie", "CZE"),
    ("ministerstvo vnutra | zahranicnych veci | urad hranicnej", "SVK"),
    ("immigratie en naturalisatiedienst | sociale zaken en werkgelegenheid | justitie en veiligheid", "NLD"),
    ("maahanmuuttovirasto | sisaministerio* | ulkoministerio* | tyo ja elinkeino*", "FIN"),
    ("goc idaresi | calisma ve sosyal | disisleri | icisleri", "TUR"),
    ("miqrasiya xidmeti | xarici isler | daxili isler", "AZE"),
    ("tashqi mehnat | tashqi ishlar | ichki ishlar | migratsiyasi agentligi", "UZB"),
    ("direzione generale | dipartimento per le liberta", "ITA SMR CHE VAT"),
    ("direcao geral | servico de estrangeiros | alto comissariado", "PRT BRA AGO MOZ CPV GNB STP TLS"),
    ("direccion general", "ESP AND MEX GTM HND SLV NIC CRI PAN CUB DOM COL VEN ECU PER BOL CHL ARG URY PRY GNQ"),
    ("drejtoria | sherbimi i migracionit", "ALB"),
    ("global affairs canada | affaires mondiales canada", "CAN"),
    ("externe si integrarii europene | chisinau", "MDA"),
    ("ministerul | ministerului | afacerilor | serviciul | guvernul | secretariatul | inspectoratul", "ROU MDA"),
    ("ministerstwo | urzad do | kancelaria | spraw zagranicznych | ambasada rp", "POL"),
    ("ministerstvo | velvyslanectvi | velvyslanectvo | urad vlady", "CZE SVK"),
    ("ministarstvo | veleposlanstvo | unutarnjih | unutrasnjih", "HRV BIH SRB MNE"),
    ("ministrstvo | veleposlanistvo", "SVN"),
    ("utrikesdepartementet | justitiedepartementet | regeringskansliet | arbetsmarknadsdepartementet", "SWE FIN"),
    ("utenriksdepartementet | justisdepartementet | utlendingsdirektoratet | arbeidsdepartementet", "NOR"),
    ("udenrigsministeriet | udlaendinge* | justitsministeriet | indenrigsministeriet", "DNK"),
    (
        "bundesministerium* | ministerium | auswartiges amt | auswartige angelegenheiten | bundesamt | staatssekretariat | \
         innenministerium | aussenministerium | passamt | amt fur | bundeskanzleramt | regierung des",
        "DEU AUT CHE LIE LUX BEL",
    ),
    ("siseministeerium | valisministeerium | ministeerium | sotsiaalministeerium | justiitsministeerium", "EST"),
    ("ulkoministerio | sisaministerio | oikeusministerio | maahanmuuttovirasto", "FIN"),
    ("ministerija | departamentas | atstovybe", "LTU"),
    ("ministrija | parstavnieciba | vestnieciba | parvalde", "LVA"),
    ("miniszterium* | belugyminiszterium | kulgazdasagi | nagykovetseg | foigazgatosag", "HUN"),
    ("ministria e | ministria per | punet e jashtme | puneve te", "ALB"),
    ("ministero dell* | ministero degli | ministero del | segreteria di stato", "ITA SMR CHE VAT"),
    ("ministerie van | rijksoverheid | buitenlandse zaken", "NLD BEL SUR"),
    (
        "ministere de | ministere des | ministere du | departement des | direction de l | direction generale de | secretariat d etat",
        "FRA BEL CHE LUX MCO CAN AND VAT DZA MAR TUN MRT SEN MLI NER BFA BEN TGO CIV GIN GAB COG COD CMR TCD CAF DJI COM \
         MDG RWA BDI HTI LBN SYC VUT MUS",
    ),
    (
        "ministerio de | ministerio del | cancilleria | subsecretaria de",
        "ESP AND MEX GTM HND SLV NIC CRI PAN CUB DOM COL VEN ECU PER BOL CHL ARG URY PRY GNQ PRT BRA AGO MOZ CPV GNB STP \
         TLS",
    ),
    ("ministerio dos | ministerio da | ministerio das | negocios estrangeiros", "PRT BRA AGO MOZ CPV GNB STP TLS"),
    ("ministeri d | ministeri de", "AND ESP"),
    ("bakanligi | baskanligi | genel mudurlugu | goc idaresi | buyukelciligi | temsilciligi", "TUR"),
    ("nazirliyi | dovlet miqrasiya | numayendeliyi", "AZE"),
    ("vazirligi | vakolatxonasi | agentligi", "UZB"),
    ("ministrligi | wekilhana*", "TKM"),
    ("министрлігі | комитеті", "KAZ"),
    ("министрлиги | кызматы", "KGZ"),
    ("вазорати | хадамоти", "TJK"),
    ("міністерство | закордонних | кабінет міністрів", "UKR"),
    ("міністэрства | прадстауніцтва | замежных спрау", "BLR"),
    ("министарство | комесаријат", "SRB BIH MNE"),
    ("внатрешни работи | надворешни работи | за труд и социјална | одделение за", "MKD"),
    ("вътрешните работи | външните работи | държавна агенция | дирекция миграция", "BGR"),
    ("министерство на | министерство за | външните работи | вътрешните работи", "BGR MKD"),
    (
        "министерство иностранных | министерство внутренних | министерство труда | министерство юстиции | федеральная \
         служба | государственная служба",
        "RUS BLR KAZ KGZ TJK UZB TKM ARM AZE MDA UKR GEO",
    ),
    ("hm government | home office | foreign commonwealth | cabinet office", "GBR"),
    ("department of state | homeland security", "USA"),
    ("utanrikisraduneyti* | domsmalaraduneyti* | stjornarrad*", "ISL"),
    ("an roinn | roinn gnothai", "IRL"),
    ("ministeru ghall | ministeru tal", "MLT"),
];

/// Letters that only the authorities of few states write.
const SCRIPTS: &[(char, char, &str)] = &[
    ('ა', 'ჿ', "GEO"),
    ('\u{531}', '\u{58f}', "ARM"),
    ('\u{590}', '\u{5ff}', "ISR"),
    ('\u{370}', '\u{3ff}', "GRC CYP"),
    (
        '\u{600}',
        '\u{6ff}',
        "DZA BHR COM DJI EGY IRQ JOR KWT LBN LBY MRT MAR OMN PSE QAT SAU SOM SDN SYR TUN ARE YEM ISR TCD ERI IRN AFG PAK",
    ),
    ('\u{4e00}', '\u{9fff}', "CHN JPN SGP KOR"),
    ('\u{ac00}', '\u{d7a3}', "KOR PRK"),
    ('\u{e00}', '\u{e7f}', "THA"),
];

struct Tongue {
    words: Phrases,
    states: Vec<Iso3>,
}

static KNOWN: LazyLock<Vec<Tongue>> = LazyLock::new(|| {
    TONGUES.iter().map(|(words, codes)| Tongue { words: phrases(words), states: states(codes) }).collect()
});
static WRITTEN: LazyLock<Vec<(char, char, Vec<Iso3>)>> =
    LazyLock::new(|| SCRIPTS.iter().map(|(first, last, codes)| (*first, *last, states(codes))).collect());

fn states(codes: &str) -> Vec<Iso3> {
    codes.split_whitespace().filter_map(|code| code.parse().ok()).collect()
}

/// The states whose authorities name themselves as a folded line does; nothing where it may be anybody's. Letters alone say
/// so only of a line that names an authority.
pub(super) fn speakers(line: &str, authority: bool) -> Option<&'static [Iso3]> {
    if let Some(tongue) = KNOWN.iter().find(|tongue| tongue.words.find(line).is_some()) {
        return Some(&tongue.states);
    }
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    WRITTEN
        .iter()
        .filter(|_| authority)
        .find(|(first, last, _)| line.chars().filter(|c| (first..=last).contains(&c)).count() * 2 > letters.max(1))
        .map(|(_, _, states)| states.as_slice())
}
