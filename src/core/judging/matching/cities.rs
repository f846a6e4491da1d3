//! Capitals in letterheads: an authority that names only its city is that city's state's, whoever passes its paper on.
//!
//! Promises never to name a state: a city only speaks against a sender of another state, and not beside a mission's name,
//! which stands at its host's.

use std::{ops::Range, sync::LazyLock};

use super::vocabulary::{Phrases, phrases};
use crate::core::iso3::Iso3;

/// Capitals as letterheads write them, folded.
const CAPITALS: &[(&str, &str)] = &[
    ("tirana | tirane", "ALB"),
    ("andorra la vella", "AND"),
    ("yerevan | ереван | երևան*", "ARM"),
    ("wien | vienna | vienne", "AUT"),
    ("baku | baki | баку", "AZE"),
    ("bruxelles | brussel | brussels", "BEL"),
    ("sofia | софия", "BGR"),
    ("sarajevo | сараjево", "BIH"),
    ("minsk | минск | мінск", "BLR"),
    ("ottawa", "CAN"),
    ("bern | berne", "CHE"),
    ("nicosia | λευκωσια", "CYP"),
    ("praha | prague", "CZE"),
    ("berlin | bonn", "DEU"),
    ("kobenhavn | copenhagen", "DNK"),
    ("madrid", "ESP"),
    ("tallinn", "EST"),
    ("helsinki | helsingfors", "FIN"),
    ("paris", "FRA"),
    ("london", "GBR"),
    ("tbilisi | тбилиси | თბილისი", "GEO"),
    ("athens | αθηνα", "GRC"),
    ("zagreb", "HRV"),
    ("budapest", "HUN"),
    ("dublin", "IRL"),
    ("reykjavik", "ISL"),
    ("jerusalem | ירושלים", "ISR"),
    ("roma | rome", "ITA"),
    ("astana | астана | nur sultan | нур султан", "KAZ"),
    ("bishkek | бишкек", "KGZ"),
    ("vaduz", "LIE"),
    ("vilnius", "LTU"),
    ("riga", "LVA"),
    ("chisinau | кишинев", "MDA"),
    ("skopje | скопjе | скопие", "MKD"),
    ("valletta", "MLT"),
    ("podgorica | подгорица", "MNE"),
    ("den haag | the hague | s gravenhage", "NLD"),
    ("oslo", "NOR"),
    ("warszawa | warsaw", "POL"),
    ("lisboa | lisbon", "PRT"),
    ("bucuresti | bucharest", "ROU"),
    ("moscow | москва", "RUS"),
    ("beograd | belgrade | београд", "SRB"),
    ("bratislava", "SVK"),
    ("ljubljana", "SVN"),
    ("stockholm", "SWE"),
    ("dushanbe | душанбе", "TJK"),
    ("ashgabat | asgabat | ашхабад", "TKM"),
    ("ankara", "TUR"),
    ("kyiv | kiev | киев | київ", "UKR"),
    ("tashkent | toshkent | ташкент", "UZB"),
];

struct Capital {
    names: Phrases,
    state: Iso3,
}

static KNOWN: LazyLock<Vec<Capital>> = LazyLock::new(|| {
    let capital = |(names, code): &(&str, &str)| Some(Capital { names: phrases(names), state: code.parse().ok()? });
    CAPITALS.iter().filter_map(capital).collect()
});

/// The state whose capital a folded line names, and where.
pub(super) fn capital_of(line: &str) -> Option<(Iso3, Range<usize>)> {
    KNOWN.iter().find_map(|capital| capital.names.find(line).map(|found| (capital.state, found)))
}
