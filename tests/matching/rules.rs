//! The rules one by one: a case for each, small enough to be read.

use docket::core::judging::matching::{Case, CaseFile, Contact, Decision, Earlier, Kind, Match, Sender, Source};

use super::{REGISTER, named};

const TITLE: &str = "Voluntary input to the UNECE Regional Review of the Global Compact for Migration\n";

struct Draft(Case);

fn from(address: &str) -> Draft {
    Draft(Case {
        from: Sender { display: String::new(), address: address.to_owned() },
        subject: "GCM input".to_owned(),
        body: "Dear colleagues,\nplease find attached our input.\n".to_owned(),
        ..Case::default()
    })
}

impl Draft {
    fn display(mut self, display: &str) -> Self {
        display.clone_into(&mut self.0.from.display);
        self
    }
    fn subject(mut self, subject: &str) -> Self {
        subject.clone_into(&mut self.0.subject);
        self
    }
    fn body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.0.body);
        self
    }
    fn reply_to(mut self, address: &str) -> Self {
        self.0.reply_to = Some(address.to_owned());
        self
    }
    fn file(mut self, name: &str, head: &str) -> Self {
        self.0.attachments.push(CaseFile { filename: name.to_owned(), first_page_text: format!("{head}\n{TITLE}") });
        self
    }
    fn contact(mut self, address: &str, code: &str) -> Self {
        self.0.contacts.push(Contact { address: address.to_owned(), iso3: code.parse().expect("a code") });
        self
    }
    fn earlier(mut self, address: &str, code: &str) -> Self {
        let iso3 = code.parse().expect("a code");
        self.0.earlier.push(Earlier { address: address.to_owned(), iso3, inputs: 2 });
        self
    }
    fn doubted(mut self) -> Self {
        self.0.doubted = Some("mx.example.org: dmarc=fail".to_owned());
        self
    }
    fn answer(&self) -> Match {
        REGISTER.match_case(&self.0, "unece")
    }
    fn matched(&self, code: &str) {
        let answer = self.answer();
        assert_eq!(named(&answer), [code], "{answer:#?}");
    }
    fn left(&self) {
        let answer = self.answer();
        assert_eq!(answer.decision, Decision::Review, "{answer:#?}");
    }
    fn left_or_none(&self) {
        assert_eq!(named(&self.answer()), Vec::<String>::new());
    }
    fn matched_or_left(&self, code: &str) {
        let named = named(&self.answer());
        assert!(named.is_empty() || named == [code]);
    }
    fn no_state(&self) {
        let answer = self.answer();
        assert_eq!((answer.decision, answer.kind), (Decision::None, Kind::NotAState), "{answer:#?}");
    }
}

#[test]
fn a_known_contact_decides_with_a_document() {
    let mail = from("anna@gmail.com").file("input.docx", "");
    mail.left_or_none();
    from("anna@gmail.com").file("input.docx", "").contact("anna@gmail.com", "EST").matched("EST");
    from("anna@gmail.com")
        .file("input.docx", "CRNA GORA\nMinistarstvo vanjskih poslova")
        .contact("anna@gmail.com", "EST")
        .left();
    from("other@gmail.com").file("input.docx", "").contact("anna@gmail.com", "EST").left_or_none();
}

#[test]
fn earlier_inputs_contradict_and_never_decide_alone() {
    let (address, letterhead) = ("ana@gmail.com", "REPUBLIKA HRVATSKA");
    from(address).file("input.docx", "").earlier(address, "HRV").left();
    from(address).file("input.docx", letterhead).left();
    from(address).file("input.docx", letterhead).earlier(address, "HRV").matched("HRV");
    from(address).file("input.docx", letterhead).earlier("other@gmail.com", "HRV").left();
    // Nothing is strong enough to overrule them: staff who moved, a consultant.
    from("ana@mfa.gov.lv").file("a.docx", "LATVIJAS REPUBLIKA").earlier("ana@mfa.gov.lv", "EST").left();
    let several = from(address).file("input.docx", letterhead).earlier(address, "HRV").earlier(address, "EST");
    several.left();
    assert!(several.answer().evidence.iter().all(|evidence| evidence.source != Source::History));
    // A domain under which anyone official may write needs more than that.
    let council = from("x@unheardof.gov.uk").subject("Hello").body("See attached.");
    council.file("a.docx", "Town Council").earlier("x@unheardof.gov.uk", "GBR").left();
}

#[test]
fn a_sender_whose_domain_does_not_vouch_is_believed_nothing() {
    let letterhead = "LATVIJAS REPUBLIKA\nĀrlietu ministrija";
    from("ana@mfa.gov.lv").file("a.docx", letterhead).matched("LVA");
    let forged = from("ana@mfa.gov.lv").file("a.docx", letterhead).contact("ana@mfa.gov.lv", "EST").doubted();
    forged.left();
    let evidence = forged.answer().evidence;
    let by =
        |source: Source| evidence.iter().filter(|e| e.source == source).map(|e| e.iso3.as_str()).collect::<Vec<_>>();
    assert_eq!(by(Source::Authentication), ["EST", "LVA"], "what it would have been believed stays in sight");
    assert_eq!((by(Source::Contact), by(Source::SenderDomain)), (vec![], vec![]));
    assert_eq!(by(Source::Letterhead).first(), Some(&"LVA"), "and what the document says");
    from("x@ngo.example").display("An association").doubted().left();
}

#[test]
fn not_all_that_a_ministry_sends_is_the_state_s_input() {
    let Draft(case) = from("x@mfa.ee").subject("Choir").body("Tickets attached.");
    let flyer = CaseFile { filename: "a.pdf".to_owned(), first_page_text: "Festival of choirs, programme".to_owned() };
    Draft(Case { attachments: vec![flyer], ..case }).left();
    from("x@mfa.ee").subject("Choir").body("Tickets attached.").file("a.pdf", "Festival of choirs").matched("EST");
    from("x@minbuza.nl").file("a.docx", "Gemeente Amsterdam").left();
    from("x@minbuza.nl").file("a.docx", "Ministerie van Buitenlandse Zaken\nGemeenten en migratie").matched("NLD");
    from("x@unheardof.gov.za").file("a.docx", "Western Cape Government\nInput, South Africa").left();
}

#[test]
fn every_answer_says_why() {
    let letterhead = "LATVIJAS REPUBLIKA\nĀrlietu ministrija";
    for (draft, words) in [
        (from("x@mfa.gov.lv").file("a.docx", letterhead), "own government domain"),
        (from("x@mfa.ee").file("a.docx", letterhead), "more than one state"),
        (from("x@mfa-gov.lv").file("a.docx", letterhead), "looks like mfa.gov.lv"),
        (from("x@mfa.gov.lv").reply_to("x@gmail.com").file("a.docx", letterhead), "Answers are to go"),
        (from("x@mfa.gov.lv").body("In my personal capacity.").file("a.docx", ""), "speaks for himself"),
        (from("x@mfa.gov.lv").body("On behalf of the Group of 77.").file("a.docx", ""), "a group of States"),
        (from("x@gov.scot").file("a.docx", ""), "Scottish Government"),
        (from("x@gmail.com").file("a.docx", "LATVIJAS REPUBLIKA"), "too little"),
        (from("x@mfa.gov.lv").body("Please file this message under Estonia.").file("a.docx", ""), "this message under"),
    ] {
        let reason = draft.answer().reason;
        assert!(reason.contains(words) && reason.ends_with('.'), "{words}: {reason}");
    }
}

#[test]
fn the_one_state_that_is_mentioned_is_named_and_is_a_candidate() {
    let mail =
        |body: &str| from("x@mail.example").subject("An input to the review").body(body).file("a.docx", "").answer();
    let none = mail("Please find attached our input.");
    let one = mail("Please find attached our input. Its example comes from Norway, as in NORWAY of old.");
    let two = mail("Please find attached our input. Its examples come from Norway and from Austria.");
    for answer in [&none, &one, &two] {
        assert_eq!((answer.decision, answer.kind), (Decision::Review, Kind::NotAState), "{answer:#?}");
        assert!(answer.reason.starts_with("Nothing in it says that a state sent it"), "{}", answer.reason);
    }
    assert!(one.reason.ends_with("it; the one state that it names is “Norway”."), "{}", one.reason);
    assert_eq!((one.named().len(), one.candidates()), (0, vec![("NOR".parse().expect("a code"), 0.0)]));
    for other in [none, two] {
        assert!(other.reason.ends_with("a state sent it.") && other.candidates().is_empty(), "{other:#?}");
    }
    let answer =
        from("x@mail.example").subject("Norway: an input to the review").body("").file("austria.docx", "").answer();
    assert_eq!(answer.mentioned, None, "where more speaks, that counts: {answer:#?}");
}

#[test]
fn the_most_specific_domain_wins() {
    from("x@mfa.gov.by").display("Switzerland").file("a.docx", "").matched_or_left("BLR");
    from("switzerland@mfa.gov.by").file("a.docx", "").matched("BLR");
    from("x@wien.gv.at").file("a.docx", "Stadt Wien").left();
    from("x@bmi.gv.at").file("a.docx", "").matched("AUT");
    from("x@parlament.gv.at").file("a.docx", "").left();
    from("x@cis.minsk.by").file("a.docx", "").no_state();
    from("x@unknown.by").file("a.docx", "").left_or_none();
}

#[test]
fn under_a_suffix_something_must_agree() {
    from("x@unheardof.gov.uk").body("See attached.").subject("Hello").file("a.docx", "").left_or_none();
    from("x@unheardof.gov.uk").file("a.docx", "HM Government").matched("GBR");
    from("x@unheardof.gov.uk").file("a.docx", "Town Council").left_or_none();
}

#[test]
fn a_free_mailbox_needs_a_letterhead_and_its_authority() {
    from("ana@gmail.com").file("a.docx", "REPUBLIKA HRVATSKA\nMinistarstvo unutarnjih poslova").matched("HRV");
    from("ana@gmail.com").file("a.docx", "REPUBLIKA HRVATSKA").left();
    from("ana@gmail.com").display("Permanent Mission of Croatia").left();
    from("croatia.mission@gmail.com").display("Permanent Mission of Croatia").left();
}

#[test]
fn contradictions_go_to_a_person() {
    let letterhead = "LATVIJAS REPUBLIKA\nĀrlietu ministrija";
    from("x@mfa.ee").file("a.docx", letterhead).left();
    from("x@mfa.gov.lv").reply_to("x@mfa.ee").file("a.docx", letterhead).left();
    from("x@mfa.gov.lv").reply_to("x@gmail.com").file("a.docx", letterhead).left();
    from("x@mfa.gov.lv").reply_to("y@iem.gov.lv").file("a.docx", letterhead).matched("LVA");
    from("x@mfa.gov.lv").display("Embassy of Lithuania").file("a.docx", letterhead).left();
    from("x@mfa.gov.lv")
        .file("a.docx", letterhead)
        .file("b.docx", "LIETUVOS RESPUBLIKA\nVidaus reikalų ministerija")
        .left();
    from("x@mfa-gov.lv").file("a.docx", letterhead).left();
    from("x@mfa.gov.lv")
        .body("Please register this message as the input of Lithuania.")
        .file("a.docx", letterhead)
        .left();
    let answer = from("x@mfa.ee").file("a.docx", letterhead).answer();
    assert_eq!(answer.kind, Kind::Ambiguous);
    let sources: Vec<Source> = answer.evidence.iter().map(|e| e.source).collect();
    assert!(sources.contains(&Source::SenderDomain) && sources.contains(&Source::Letterhead), "both sides are shown");
}

#[test]
fn a_name_inside_another_is_not_its_owner_s() {
    let note = |name: &str| format!("The Permanent Mission of {name} presents its compliments to the Commission.");
    for (name, code) in [
        ("the United Kingdom of Great Britain and Northern Ireland", "GBR"),
        ("Guinea-Bissau", "GNB"),
        ("Equatorial Guinea", "GNQ"),
        ("South Sudan", "SSD"),
        ("the Democratic Republic of the Congo", "COD"),
        ("the Democratic People's Republic of Korea", "PRK"),
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Dominica", "DMA"),
        ("the Dominican Republic", "DOM"),
    ] {
        from("mission@bluewin.ch")
            .body(&note(name))
            .file("a.docx", &format!("{name}\nMinistry of Foreign Affairs"))
            .display(&format!("Mission of {name}"))
            .matched(code);
    }
    from("mission@bluewin.ch").body(&note("Congo")).file("a.docx", "Congo\nMinistry of Foreign Affairs").left();
}

#[test]
fn places_streets_and_people_are_no_states() {
    let page = "Lake Chad basin programme\nAvenue de France 23, Geneva\nJordan Smith\nProvince de Luxembourg";
    from("x@example.org").file("a.docx", page).left_or_none();
    let answer = from("x@example.org")
        .display("Jordan Smith")
        .body("Yours\nChad Johnson\nIsrael Ramírez")
        .file("a.docx", page)
        .answer();
    assert!(answer.evidence.iter().all(|e| e.weight < 0.6), "{answer:#?}");
}

#[test]
fn a_mission_abroad_writes_for_its_own_state() {
    let body =
        "The Embassy of Algeria in Indonesia presents its compliments to the Embassy of France and to the Commission.";
    let answer = from("ambaljak@cbn.net.id")
        .body(body)
        .file("a.docx", "Embassy of Algeria in Jakarta, Indonesia")
        .display("Embassy of Algeria")
        .answer();
    assert_eq!(named(&answer), ["DZA"], "{answer:#?}");
    assert_eq!(answer.kind, Kind::OutsideRegion);
}

#[test]
fn a_colleague_s_forward_is_the_sender_s_mail() {
    let body = "FYI\n\n---------- Forwarded message ----------\nFrom: Ion Rusu <ion@mai.gov.md>\nTo: us\nSubject: Input\n\nAttached.\n";
    from("paul@un.org")
        .subject("Fwd: Input")
        .body(body)
        .file("a.docx", "REPUBLICA MOLDOVA\nMinisterul Afacerilor Interne")
        .matched("MDA");
    from("paul@un.org")
        .subject("Fwd: Input")
        .body(body)
        .file("a.docx", "ROMÂNIA\nMinisterul Afacerilor Interne")
        .left();
    // A stranger may write any header into a text.
    from("paul@example.com").subject("Fwd: Input").body(body).file("a.docx", "").left();
}

#[test]
fn robots_and_others_are_no_states() {
    from("x@mfa.gov.me").subject("Automatic reply: Call for inputs").body("I am away.").no_state();
    from("x@mfa.gov.me").subject("Read: Call for inputs").body("").no_state();
    let mut robot = from("x@mfa.gov.me").file("a.docx", "CRNA GORA");
    robot.0.automatic = true;
    robot.no_state();
    from("x@mfa.gov.me").subject("Read this: input of Montenegro").file("a.docx", "CRNA GORA").matched("MNE");
    from("x@helsinki.hu")
        .display("Hungarian Helsinki Committee, NGO")
        .file("a.docx", "Hungarian Helsinki Committee\nCivil society input")
        .no_state();
    from("x@ec.europa.eu").file("a.docx", "European Union\nThe EU and its Member States, including France").no_state();
    from("offer@visa.example").subject("WORK IN CANADA").body("Canada! Canada!").no_state();
}

#[test]
fn several_states_together_are_joint() {
    let joint = |mail: Draft| {
        let answer = mail.answer();
        assert_eq!((answer.kind, answer.iso3), (Kind::Joint, None), "{answer:#?}");
        named(&answer)
    };
    assert_eq!(
        joint(from("x@mfa.ee").file("a.docx", "Joint contribution of Estonia, Latvia and Lithuania")),
        ["EST", "LTU", "LVA"]
    );
    // A group by its name alone may mean fewer; with its list it is sure.
    from("x@diplobel.fed.be").file("a.docx", "Contribution conjointe du Benelux").left();
    assert_eq!(
        joint(
            from("x@diplobel.fed.be")
                .file("a.docx", "Contribution conjointe du Benelux (Belgique, Luxembourg et Pays-Bas)")
        ),
        ["BEL", "LUX", "NLD"]
    );
    from("x@kkm.gov.hu")
        .body("I write on behalf of the Visegrad Group.")
        .file("a.docx", "Visegrad Group\nCommon input")
        .left();
    assert_eq!(
        joint(from("x@mfa.kz").file("a.docx", "Совместные материалы Республики Казахстан и Кыргызской Республики")),
        ["KAZ", "KGZ"]
    );
    from("x@mfa.gov.pl").file("a.docx", "Joint contribution of Spain and Portugal").left();
    from("x@mfa.no").file("a.docx", "Contribution of Norway on cooperation with Sweden").matched("NOR");
}

#[test]
fn observers_and_other_regions_are_told_apart() {
    let kind = |mail: Draft| mail.answer().kind;
    assert_eq!(kind(from("x@sts.va").file("a.docx", "Saint-Siège\nSecrétairerie d'État")), Kind::Observer);
    assert_eq!(kind(from("x@mfa.gov.eg").file("a.docx", "جمهورية مصر العربية\nوزارة الخارجية")), Kind::OutsideRegion);
    assert_eq!(kind(from("x@mfa.gov.ge").file("a.docx", "საქართველო")), Kind::MemberState);
}

/// How the states name themselves on paper, in their own languages; a focal point sends it from a free mailbox.
#[test]
fn letterheads_in_the_states_own_languages_are_read() {
    let mut reader = csv::Reader::from_reader(include_str!("own_letterheads.csv").as_bytes());
    let (mut all, mut found) = (0, 0);
    for row in reader.records() {
        let row = row.unwrap();
        let (code, letterhead, authority) = (&row[0], &row[1], &row[2]);
        let shapes = [
            format!("{letterhead}\n{authority}"),
            format!("{authority}\n{letterhead}"),
            format!("{letterhead} {authority}"),
            format!("{letterhead} – {authority}"),
        ];
        for head in shapes {
            let page = format!("{head}\nVoluntary input\nThe Government works with Italy and Tunisia.");
            let states = named(&from("jan.person@gmail.com").file("input.docx", &page).answer());
            assert!(states.is_empty() || states == [code], "{head}: {states:?}");
            all += 1;
            if states.is_empty() { println!("not understood: {head:?}") } else { found += 1 }
        }
    }
    assert!(found * 100 >= all * 95, "{found} of {all}");
}
