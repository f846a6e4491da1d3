//! The words by which officials name themselves and what they send, in many languages: the lists alone.
//!
//! Promises folded words and nothing more. The lists are long because the reasoning is not; a word missing here mostly
//! costs a decision, and where it is one of those who are no state, the other pieces must make up for it. `*` lets a word
//! go on, `|` divides phrases. What they are asked is in [`super::vocabulary`].

/// Words for an authority of a state.
pub(super) const AUTHORITY: &str = "\
    minist* ministarst* ministrst* miniszt* vazirlig* vazorat* вазорат* министр* министерств* міністэрств* \
    міністерств* министарств* bakanlig* nazirli* government* gouvernement* govern* gobierno* governo* guvern* \
    regering* regjering* regierung* rijksoverheid* vyriausyb* valitsus* valdiba* vlada* vlady* влада* vyhlad* urad \
    vlady* qeveri* правительств* уряд* урад* hukumet* hukumat* хукумат* укимет* окмот* kabinet* cabinet* кабинет* \
    وزار* حكوم* الحكوم* الوزار* სამინისტრო* მთავრობ* նախարար* կառավար* υπουργ* κυβερνησ* משרד* ממשל* raduneyt* \
    utanrikisraduneyt* stjornarrad* valtioneuvost* roinn* rialtas* gvern* authorit* autorit* власт* орган органы органа органов органам embass* \
    ambassad* ambasciat* embajad* embaixad* botschaft* ambasad* посольств* посольст* mission* misyon* mision* \
    missio* missao* missione* vertretung* представительств* представништв* nunciat* nonciat* nunziat* consulat* \
    konsulat* delegaci* legation* سفار* السفار* البعث* بعث* pm mfa mofa moi ukmis* foreign* affaires* auswartig* \
    cancilleri* chancell* kanzl* presidenc* president* президент* председ* premier* dfa department* departement* \
    departament* departamento* департамент* udlendinge* directorate* direktorat* direction* direccion* direcao* \
    dirección* управлен* secretar* segreteri* sekretar* staatssekret* секретариат* bundes* amt passamt* agency* \
    agence* agencia* agenzia* agentia* агентств* agentur* agentlig* службa* служб* service* sluzb* serviciul* servicio* \
    кызмат* xidmat* xidmet* xizmat* xizmet* ծառայություն* სამსახურ* komesarijat* комесаријат* комиссариат* \
    commissariat* яам ngoai urad urzad* office* oficin* ufficio* spf fod home kagawaran* kementerian* bandlik* migracijos \
    departament* рашот* רשות* commission nationale* национальн* министрлиги* ministrlig* баскармас* confederation* \
    eidgenossenschaft* immigration* citizenship* прадстауніцтв* амбасад* пасольств* \
    представништв* претставништв* мисија* мисия місія амбасадат* елчилик* өкілдік* окілдік* окулчулу* өкүлчүлү* өкілдіг* \
    елшілі* элчили* намояндаги* сафорат* сафорати* vakolatxona* elchixona* ваколатхона* элчихона* wekilhana* ilcihana* \
    numayendeli* sefirli* temsilcili* buyukelcili* მისია* წარმომადგენლობა* საელჩო* სააგენტო* სამსახურ* \
    ներկայացուցչութ* դեսպան* վարչութ* αντιπροσωπ* πρεσβει* διευθυνσ* parstavniecib* vestniecib* parvald* atstovyb* \
    tarnyb* esindus* saatkon* amet edustus* lahetysto* virasto* kepvisel* nagykovets* foigazgatosag* hivatal* velvyslan* mise velvyslanec* \
    przedstawiciel* veleposlan* poslanistv* predstavnist* misija* misiuni* misiun* inspectorat* perfaqesi* \
    drejtori* representation* fastanefnd* sendirad* rapprezentan* ambaxxat* buanmhis* ambasaid* המשלחת* \
    שגריר* negocios";

/// The same in scripts without spaces, found anywhere in a line.
pub(super) const AUTHORITY_UNSPACED: &str = "\
    部* | 局* | 省* | 外務* | 政府* | 大使馆* | 大使館* | 代表团* | 代表團* | 国务院* | 國務院* | 外交* | 委员会* | 委員會* | 署* | กระทรวง*";

/// Words for an authority of the state itself, which no council bears.
pub(super) const MINISTRY: &str = "\
    minist* ministrst* miniszt* vazirlig* vazorat* вазорат* министр* министерств* міністэрств* міністерств* \
    министарств* bakanlig* nazirli* bundesregierung embass* ambassad* ambasciat* embajad* botschaft посольств* mfa foreign وزار* الوزار* \
    سفار* υπουργ* სამინისტრო* საელჩო* նախարար* դեսպան* πρεσβει* vestniecib* saatkon* velvyslan* veleposlan* nagykovets* \
    elchixona* елшілі* пасольств* амбасад* buyukelcili* sefirli* משרד* raduneyt* utanrikisraduneyt* stjornarrad* bundesministerium*";

/// Words for an office of the state that stands in another.
pub(super) const ABROAD: &str = "\
    embass* ambassad* ambasciat* embajad* embaixad* botschaft* ambasad* посольств* mission* mision* missio missao* missione* vertretung* \
    представительств* представництв* nunciat* consulat* konsulat* delegaci* delegation* legation* سفار* السفار* البعث* πρεσβει* \
    αντιπροσωπ* saatkon* lahetysto* nagykovets* velvyslan* veleposlan* elchixona* vakolatxona* елшілі* пасольств* buyukelcili* sefirli* \
    temsilcili* misija* misiun* misioni* мисија* мисия* საელჩო* წარმომადგენლობა* դեսպան* ներկայացուցչութ* atstovyb* vestniecib* \
    parstavniecib* esindus* edustus* kepvisel* sendirad* fastanefnd* przedstawiciel* poslanistv* predstavnist*";

/// Words for a government, which a state has and a federal unit, too; and what may stand beside them where they mean the
/// state's.
pub(super) const GOVERNMENT: &str =
    "government gouvernement gobierno governo guvern* regjering* regering* правительств* pravitelstv* vlada";
pub(super) const OF_THE_STATE: &str = "\
    hm her his majesty's majesty s the royal federal national central of le la el l du de do del di республики en";

/// Words for what is sent.
pub(super) const INPUT: &str = "\
    contribut* contribuic* contribuc* submission* submitted* submit* input* inputs* report* reply* replies* \
    response* responses* answer* presented* prepared* communication* informe* presentad* presente* respuest* \
    aportac* aporte* reponse* rapport* soumis* soumission* prepare* observations* comments* statement* declaration* \
    beitrag* stellungnahme* bericht* antwort* eingabe* вклад* материал* доклад* ответ* представлен* информаци* \
    отчет* справк* مقدم* مساهم* تقرير* ردود* contributo* relazione* relatorio* risposte* questionnaire* \
    cuestionario* вопросник* анкет* استبيان* review* examen* обзор* bijdrage* bidrag* prispev* doprinos* prinos* \
    wklad* принос* придонес* внесок* внеск* унес* sisend* panos panoksen lausunto* ieguldijum* indelis indelio \
    framlag* წვლილ* ներդրում* συνεισφορ* συμβολ* kontribut* tohfe* hisse hissa* ҳисса* улуш* салым* үлес* улес* hissesi gosant* kontribuzzjon* \
    wklad* hozzajarul* katki* ulusal* gcm pmm гдм* comunicacion* documento* paper* update* followup* implementation*";

/// The same in scripts without spaces.
pub(super) const INPUT_UNSPACED: &str = "\
    提交* | 报告* | 報告* | 材料* | 意见* | 书面* | 答复* | 贡献* | 审查*";

/// Words that may stand between a word for what is sent, or the line's beginning, and the state's name.
pub(super) const BETWEEN: &str = "\
    by of from the de du des d la le les l el los las del von der die das dem den da do dos della dello di и and et \
    y e und a an for to pour para por par s van из от к о ob zur zum fur en sur against on auf as with its من عن في \
    voluntary national written official joint final revised updated consolidated additional second first draft clean \
    version country volontaire nationale ecrite officielle conjointe commune volontaires voluntaria nacional escrita \
    oficial conjunta добровольныи добровольные национальныи национальные совместныи совместная совместные \
    freiwilliger nationaler gemeinsamer schriftlicher contribution contributions annex cover note letter no ref re \
    fw fwd unece regional review reviews global compact safe orderly regular migration migrations gcm ece un uno \
    2018 2019 2020 2021 2022 2023 2024 2025 2026 examen pacte mondial mondiale pmm regionale sures ordonnees \
    regulieres cee onu pacto mundial migracion segura ordenada regionaluberprufung uberprufung regionalen globalen \
    paktes pakt sichere geordnete regulare региональному регионального региональныи обзору обзора глобального \
    договора глобальныи договор миграции безопаснои упорядоченнои легальнои гдм еэк оон questionnaire questions call \
    inputs implementation progress secretariat process round unece's name state member party states reporting \
    submitting pays etat membre страна государство член наименование estado miembro pais land staat nation البلد \
    الدوله 国家 国名 会员国 authorities autorites autoridades органами властями governments gouvernements gobiernos \
    правительств правительства behalf nom au nombre имени namen im ins together jointly";

/// Verbs and pronouns of sentences that tell of somebody.
pub(super) const SAYS_OF: &str = "\
    is are was were has have had hold holds held which who whose sont est etaient ont avait avaient qui dont lequel ist sind war \
    waren hat haben hatte hatten welche welcher son era eran ha han habia sono erano hanno che sao foi foram tem sunt \
    este jest byly maja jsou byl sou bili imaju imajo являются является были был имеют проводят участвуют которые \
    которыи който которая есть были беше имат";

/// Names of a form's field for the state.
pub(super) const FIELD: &str = "\
    country state pays etat страна государство estado pais staat land البلد الدوله 国家 国名 party";

/// Words before a state's name that make it a place, a partner or a topic.
pub(super) const ABOUT: &str = "\
    in to for with about near against on en au aux avec pour sur vers con para sobre hacia в во с со для о об на к \
    nach mit uber fur i til nel nella em na w v u between entre zwischen между towards via regarding concerning \
    auprès aupres pres في مع الي";

/// Those who are not a state: associations, institutions that stand beside the government.
pub(super) const PRIVATE: &str = "\
    ngo | ngos | civil society | societe civile | sociedad civil | гражданское общество | гражданского общества | \
    association* | asociacion* | associazione* | ассоциац* | foundation* | fondation* | fundacion* | fondazione* | \
    stiftung* | фонд | caritas* | amnesty* | human rights watch | red cross | red crescent | croix rouge | rotes kreuz \
    | красныи крест | university* | universite* | universidad* | universitat* | universita* | университет* | institute \
    for | think tank | trade union | trade unions | syndicat* | sindicato* | gewerkschaft* | профсоюз* | diaspora* | \
    диаспор* | church* | diocese* | bishops* | eglise* | kirche* | diakonie* | refugee council | conseil pour les \
    refugies | network of | european network | reseau* | coalition* | forum | alliance of | charity* | volunteers* | \
    activists* | ong | нко | нпо | общественная организация | общественное объединение | chamber of commerce | law \
    clinic | legal aid | advocacy* | student* | professor* | journalist* | newsroom* | newspaper* | picum | jesuit* | \
    migrants rights | migrant rights | grassroots* | collective* | collectif* | youth council | watch | campaign* | \
    platform for | right to protection | mediterranee* | sans frontieres | without borders | save the children | world \
    vision | oxfam | ombudsman* | ombudsperson* | ombudswoman* | public defender | national human rights institution | \
    human rights commission | human rights centre | human rights center | human rights institute | defensor del pueblo \
    | defenseur des droits | омбудсмен* | уполномоченныи по правам | house of lords | house of commons | deutscher \
    bundestag | bundesrat | assemblee nationale | tweede kamer | eerste kamer | camera dei deputati | cortes generales \
    | congreso de los diputados | верховная рада | верховна рада | государственная дума | supreme court* | supremo \
    tribunal | tribunal supremo | constitutional court* | central bank of | banque centrale | consultancy* | \
    consulting* | political party | opposition party | hilfswerk* | verein* | vereniging* | stichting* | fundacja* | \
    stowarzyszenie* | udruga* | udruzenje* | asociatia* | sdruzeni*";

/// Words of a sentence behind which those stand who were asked for their views, or took part.
pub(super) const CONSULTED: &str = "\
    consult* involv* participat* cooperation collaboration dialog* stakeholder* together concert* consulta* participa* \
    collaborat* partecip* konsult* einbeziehung einbindung beteiligung anhorung dialog* консульт* участи* сотрудничеств* диалог* \
    совместно привлечен* залучен* участю співпрац* саветовањ* консултац* savjetovanj* savetovanj* konzult* posvet* zapojen* spoluprac* ucast* \
    sudjelovanj* ucesc* udzial* wspolprac* istisare* danis* isbirligi* meslehet* maslahat* hamkorlik* кенеш* катышуу* катысу* \
    διαβουλευ* συμμετοχ* συνεργασ* samarbeid* samarbete* horing* inddragelse* kuulem* osallist* yhteistyo* kaasa* konsultats* \
    konsultac* dalyv* bendradarb* lidzdalib* piedal* bevonas* konzultac* egyuttmukod* overleg* raadpleg* samskipt* samrad* samvinnu* \
    konsultim* pjesemarrj* bashkepunim* խորհրդակց* մասնակց* համագործ* კონსულტ* მონაწილ* თანამშრომ* התייעצ* שיתוף התשאור* بالتشاور بمشاركه 协商* 磋商*";

/// Those who bear the name of an office of the state and do not speak for it.
pub(super) const HONORARY: &str = "\
    honorary consul* | honorary vice consul* | consul honoraire | consulat honoraire | consul honorario | consulado \
    honorario | console onorario | consolato onorario | honorarkonsul* | honorargeneralkonsul* | почетныи консул* | \
    почетное консульство | former minister* | former vice minister* | former prime minister* | former ambassador* | \
    former president* | ex minister* | retired ambassador* | ancien ministre* | ancienne ministre* | ancien ambassadeur* | \
    ehemaliger minister* | ehemalige ministerin* | exministro* | exministra* | ex ministro* | ex ministra* | бывшии \
    министр* | бывшии посол* | القنصل الفخري | 名誉领事*";

/// Sentences of those who speak about a state.
pub(super) const ABOUT_THE_STATE: &str = "\
    our company | our firm | our consultancy | our consulting | our law firm | our think tank | our institute | notre cabinet | notre \
    entreprise | notre institut | unsere firma | unser unternehmen | unser institut | nuestra empresa | nuestro instituto | la nostra societa | \
    нашеи компаниеи | наша компания | нашеи консалтинговои | наш институт | консалтингов* компани* | prepared by consultants | prepared by a \
    consultant | prepared by our consultants | подготовлен* консультант* | подготовлен консультантами | подготовлено консультантами | \
    we urge | call on the government | calls on the government | we call on the government | we call upon the \
    government | our association | our organisation | our organization | our foundation | our members | shadow report \
    | alternative report | parallel report | civil society input | civil society contribution | civil society report | \
    as an ngo | as a non governmental | notre association | notre organisation | rapport alternatif | nuestra \
    organizacion | nuestra asociacion | informe alternativo | наша организация | наше объединение | альтернативныи \
    доклад | теневои доклад | unser verein | unsere organisation | non governmental organisation | non governmental \
    organization | organisation non gouvernementale | on behalf of our association | in my personal capacity | my \
    personal opinion | as a private citizen | as a citizen | concerned citizen | i found this | found online | found \
    on the internet | downloaded from | published on the website | i downloaded | i am a student | phd | my thesis | \
    my research | a titre personnel | a titulo personal";

/// Sentences of an official who speaks for himself.
pub(super) const PERSONAL: &str = "\
    as a former minister | as a former ambassador | as a former deputy minister | as a former official | als ehemaliger minister | als \
    ehemalige ministerin | als ehemaliger botschafter | en tant qu ancien ministre | en tant qu ancienne ministre | en tant qu ancien \
    ambassadeur | como ex ministro | como exministro | in qualita di ex ministro | как бывшии министр | как бывшии посол | private capacity | as a private person | a titre prive | в частном порядке | как частное лицо | a \
    titulo privado | a titolo privato | jako osoba prywatna | in my personal capacity | in his personal capacity | in her personal capacity | in a personal capacity | my \
    personal opinion | my personal views | my own views | views are my own | views expressed are my own | a titre \
    personnel | a titulo personal | en mi capacidad personal | в личном качестве | мое личное мнение | als \
    privatperson | in meinem eigenen namen | meine personliche meinung | a titolo personale | a titulo pessoal | بصفتي \
    الشخصيه | 以个人身份*";

/// Organisations of states, as they name themselves.
pub(super) const ORGANISATION: &str = "\
    european union | european commission | union europeenne | commission europeenne | europaische union | union \
    europea | европеискии союз | европеиского союза | الاتحاد الاوروبي | 欧洲联盟* | eeas | dg home | council of the \
    european union | council of europe | conseil de l europe | international organization for migration | \
    international organisation for migration | organisation internationale pour les migrations | unhcr | undp | \
    unicef* | icmpd | osce | unfpa | ohchr | iom | oim | world bank | international labour | european parliament | \
    african union | league of arab states | commonwealth of independent states | eurasian economic | cis executive | \
    united nations development | united nations high commissioner | united nations country team | un country team | \
    resident coordinator | un network on migration | interpol* | frontex* | caricom* | исполнительныи комитет снг | order of malta | ordre de malte \
    | red crescent | icrc | ifrc | parliamentary assembly | interparliamentary* | inter parliamentary | non aligned \
    movement | mouvement des non alignes | движения неприсоединения | group of 77 | groupe des 77 | группы 77 | group \
    of friends | groupe des amis | african group | arab group | groupe africain | groupe arabe | grulac | like minded \
    group | core group | organization for democracy and economic development | turkic council | turkic speaking states \
    | turkic states | организация тюркских | black sea economic cooperation | central asia regional | association of \
    southeast asian | economic community of west african | ecowas* | cedeao | asean | mercosur | gulf cooperation \
    council | budapest process | prague process | rabat process | khartoum process | nordic council | visegrad fund | \
    benelux union | conseil de l union europeenne | содружества независимых государств | евразийская экономическая | \
    евразииская экономическая";

/// Groups of states for which one of them speaks.
pub(super) const GROUPS: &str = "\
    снг | государств участников | государства участники | государств членов | стран участниц | группы государств | группы стран | \
    etats membres | groupe d etats | groupe de pays | grupo de estados | grupo de paises | estados miembros | gruppe von staaten \
    | mitgliedstaaten | group of states | group of countries | group of member states | cross regional | member states of | \
    states members of | participating states | following states | following countries | undersigned | nordic countries | \
    visegrad countries | visegrad group | v4 | baltic states | central asian states | central asian countries | eu member states \
    | stati membri | estados membros | panstw czlonkowskich | clenskych statu | clenskych statov | drzav clanic | statelor membre | \
    держав учасниць";

/// Authorities below a state, as they name themselves.
pub(super) const BELOW: &str = "\
    region of | region de | region autonome | regional authority | περιφερεια | περιφερειας | περιφερειακη ενοτητα | περιφερειακη αυτοδιοικηση | δημος | δημου | city council | county \
    council | borough council | district council | town council | municipal* | municipality* | municipio* | \
    municipalite* | city of | ville de | stadt | gemeente* | gemeinde* | comune di | ayuntamiento* | generalitat* | \
    junta de | canton* | kanton* | cantone* | county of | county* | oblast* | область* | области* | republic of \
    tatarstan | город | мэрия | мэр | mairie* | prefecture* | governorate* | voivodeship* | wojewod* | urzad miasta | \
    regione* | regional government | gobierno de la comunidad | comunidad autonoma | conselleria* | landesregierung* | \
    freistaat* | senatsverwaltung* | federal subject | commune de | kommune* | mayor | alcald* | burgermeister* | \
    state of georgia | atlanta* | scottish government | welsh government | northern ireland executive | government of \
    flanders | vlaamse* | flanders* | flemish* | wallon* | quebec* | catalunya* | catalonia* | bavaria* | bayern* | \
    greenland* | faroe | aland | republika srpska | крым | крыма | крыму | республики крым | севастопол* | crimea* | crimee* | krim | krym | qirim* | sevastopol* \
    | sebastopol* | sewastopol* | донецкая народная* | донецкои народнои* | луганская народная* | луганскои народнои* | днр | лнр | \
    donetsk people* | luhansk people* | lugansk people* | абхази* | apsny* | южная осетия | южнои осетии | south ossetia* | \
    приднестров* | карабах* | арцах* | արցախ* | косово | косова | kuzey kibris* | северного кипра | northern cyprus | татарстан* \
    | башкортостан* | чеченск* | дагестан* | каракалпак* | qoraqalpog* | нахчыван* | naxcivan* | nakhchivan* | tatarstan* | government of jersey | guernsey* | isle of man | \
    gibraltar* | bermuda* | hong kong | macao | state of california | state of new york | state of texas | provincial \
    government | province of | gouvernement du quebec | borough* | london assembly | greater london | trnc | turkish \
    republic of northern cyprus | abkhazia* | transnistria* | pridnestrov* | kosovo* | taiwan* | artsakh* | nagorno* | \
    autonomous republic | autonomous region | автономная республика | автономнои республики | автономного округа | \
    края | краи | администрация города | городская администрация | акимат* | әкімдіг* | хокимият* | hokimiyat* | \
    hokimlig* | районная администрация | обласна державна | міська державна | міська рада | община | общины | столична \
    община | скупштина града | gradska uprava | градска управа | zupanij* | opcina | opcine | opstin* | општин* | \
    ciudad de | cidade de | citta di | mestna obcina | hlavne mesto | mesto bratislava | krajsky urad | magistrat* | \
    landkreis* | landratsamt* | bezirkshauptmannschaft | land tirol | land salzburg | land vorarlberg | land karnten | \
    province de | provincia de | provincia di | provincie | provinz | prefet de | prefete de | prefecture de l | \
    conseil departemental | conseil regional | conseil general | governo regional | gobierno regional | gobierno vasco \
    | xunta de | diputacion* | cabildo* | consiliul judetean | consiliul local | primaria | judetul* | gagauz* | \
    megyei | onkormanyzat* | valilig* | buyuksehir | belediye* | bashkia | maakond* | linnavalitsus* | vallavalitsus* \
    | novads | pasvaldib* | savivaldyb* | fylkeskommun* | lansstyrelsen* | city hall | city assembly | town hall | \
    state government | regional state | autonomous province | province | 自治区* | 省人民政府* | 市人民政府* | puntland* | \
    somaliland* | zanzibar* | kurdistan* | adjara* | ajara* | аджари* | federacija bosne i hercegovine | federacije \
    bosne i hercegovine | federation of bosnia and herzegovina | федерација босне | brcko";

/// Territories that are no member State, whose authorities have ministries of their own.
pub(super) const TERRITORIES: &str = "\
    республика крым | республики крым | republic of crimea | донецкая народная* | донецкои народнои* | луганская народная* | \
    луганскои народнои* | днр | лнр | donetsk people* | luhansk people* | lugansk people* | абхази* | apsny* | abkhazia* | abchazia* | \
    южная осетия | южнои осетии | south ossetia* | приднестров* | pridnestrov* | transnistria* | нагорныи карабах | нагорного карабаха \
    | nagorno karabakh | арцах* | artsakh* | արցախ* | kuzey kibris turk* | kktc | trnc | turkish republic of northern cyprus | \
    турецкая республика северного кипра | kosovo | kosova | kosoves | косово | косова | republika srpska | republike srpske | \
    faroe islands | foroyar* | faeroern* | aland islands | alands | ahvenanmaa* | kalaallit* | naalakkersuisut | gronlands | \
    татарстан* | башкортостан* | чеченскои республики | чеченская республика | дагестан* | каракалпак* | коракалпо* | қорақалпо* | қарақалпақ* | qoraqalpog* | \
    karakalpak* | нахчыван* | naxcivan* | nakhchivan* | adjara* | аджари* | აჭარ* | gagauz* | tatarstan* | bashkortostan* | chechen republic | \
    bayerisch* | sachsisch* | hessisch* | niedersachsisch* | thuringer | freistaat* | senatsverwaltung* | land nordrhein* | gouvernement du quebec \
    | generalitat de | xunta de | junta de andalucia | gobierno vasco | eusko jaurlaritza | scottish government | welsh government | northern \
    ireland executive | vlaamse regering | vlaamse overheid | service public de wallonie | region wallonne | government of jersey | states of \
    guernsey | government of guernsey | isle of man government | regione autonoma | provincia autonoma | federacija bosne i hercegovine | \
    gibraltar | government of curacao | government of aruba | government of sint maarten | регион крым";

/// Parts of states that speak for themselves, by the names that titles give them.
pub(super) const DEPENDENCIES: &str = "\
    aruba | curacao | sint maarten | bonaire | sint eustatius | caribbean netherlands | french polynesia | polynesie francaise | \
    new caledonia | nouvelle caledonie | wallis | saint barthelemy | saint pierre and miquelon | guadeloupe | martinique | \
    guyane | french guiana | mayotte | corse | corsica | jersey | guernsey | alderney | isle of man | gibraltar | bermuda | \
    cayman islands | falkland islands | british virgin islands | turks and caicos | montserrat | anguilla | northern ireland | scotland | \
    wales | cymru | svalbard | jan mayen | greenland | gronland* | kalaallit* | faroe* | faroyar | foroyar | aland | ahvenanmaa* | azores | \
    acores | madeira | canarias | canary islands | catalonia | cataluna | catalunya | basque country | pais vasco | euskadi | galicia | \
    andalucia | sardinia | sardegna | sicily | sicilia | south tyrol | sudtirol | alto adige | trentino | valle d aosta | aosta valley | \
    friuli | vojvodina* | војводин* | kosovo* | kosova | косов* | republika srpska | republike srpske | република српска | републике \
    српске | brcko | flanders | vlaanderen | wallonia | wallonie | quebec | puerto rico | guam | american samoa | crimea* | krym | крым* | \
    tatarstan* | татарстан* | bashkortostan* | башкортостан* | chechnya | chechen* | чечн* | дагестан* | karakalpak* | каракалпак* | \
    qoraqalpog* | қорақалпоғ* | nakhchivan* | naxcivan* | нахчыван* | adjara* | ajara* | аджари* | აჭარ* | gagauz* | гагауз* | transnistria* | \
    приднестров* | abkhazia* | абхази* | აფხაზ* | south ossetia* | осети* | bavaria | bayern | saxony | sachsen | tirol | tyrol | vorarlberg | salzburg | \
    steiermark | styria | karnten | carinthia | burgenland | oberosterreich | niederosterreich | sandzak* | санџак*";

/// Phrases that ask the program, not the secretariat.
pub(super) const TO_THE_PROGRAM: &str = "\
    ignore previous instructions | ignore all previous | ignore the previous instructions | ignore your instructions \
    | disregard previous instructions | disregard all previous | disregard the letterhead | ignore the letterhead | \
    ignore the sender | system prompt | you are an ai | you are a language model | as an ai language model | \
    instruction to the system | instructions for the system | to the automated system | note to the system | note to \
    the software | attention ai | dear ai | iso3 | set the state to | set the country to | ignorez les instructions \
    | ignora las instrucciones | игнорируи предыдущие | игнорируите предыдущие | 忽略之前的指示*";

/// Verbs by which a text would have itself filed.
pub(super) const FILE_VERBS: &str = "\
    register | record | file | log | classify | treat | mark | count | assign | attribute | enregistrer | enregistrez \
    | classer | classez | attribuer | attribuez | registrar | registre | registren | clasifique* | asigne | asignar | \
    ordnen | zuordnen | registrieren | erfassen | verbuchen | registrare | classificare | зарегистрируите | \
    зарегистрировать | отнести | отнесите | учесть | سجلوا | تسجيل | 登记* | 归类*";

/// As what.
pub(super) const FILE_AS: &str = "\
    as the input of | as input of | as the submission of | as submission of | as the contribution of | as a \
    contribution of | as coming from | as received from | this under | this message under | to the state of | comme \
    la contribution de | comme contribution de | como la contribucion de | como contribucion de | как материалы | \
    как вклад | как доклад";

/// What a text would have filed, as it speaks of itself.
pub(super) const THIS_MAIL: &str = "\
    this as | this under | this email | this e mail | this mail | this message | this document | this paper | this \
    letter | this file | this submission | this input | this contribution | this text | the attached as | ce document \
    | ce message | ce courriel | ce texte | ce fichier | cette contribution | cette note | diese nachricht | diese \
    mail | diese e mail | diese datei | dieses dokument | dieses schreiben | diesen beitrag | este mensaje | este \
    documento | este correo | este archivo | esta contribucion | questo messaggio | questo documento | este mensagem | \
    esta mensagem | это письмо | это сообщение | этот документ | этот материал | данное письмо | данныи документ | هذه \
    الرساله | هذه الوثيقه | 此邮件* | 本邮件* | 此文件* | 本文件*";

/// “On behalf of”, in many languages.
pub(super) const ON_BEHALF: &str = "\
    on behalf of | representing the interests of | representant les interets de | representant les interets du | \
    representando los intereses de | in its capacity as chair of | as chair of | as coordinator of | en sa qualite de \
    president de | presidence du | presidency of | in the name of | au nom de | au nom du | au nom des | en nombre de \
    | en nombre del | от имени | від імені | im namen | im auftrag | a nome di | a nome del | em nome de | em nome do \
    | نيابه عن | باسم | 代表* | w imieniu | jmenem | v mene | u ime | v imenu | in numele | namens | in opdracht van | pa vegne af | \
    pa vegne av | pa uppdrag av | от името на | во име на | у име | \
    ад імя | ne emer te | εκ μερους | εξ ονοματος | f isem";

/// Words that make an input a joint one.
pub(super) const JOINT: &str = "\
    joint | jointly* | conjoint* | conjointe* | commune* | conjunta* | conjunto* | совместн* | спільн* | gemeinsam* \
    | congiunt* | مشترك | 联合* | 共同* | together* | on behalf of | au nom de | en nombre de | от имени | permanent \
    missions | missions permanentes | misiones permanentes | governments of | gouvernements* | gobiernos de | \
    zajednick* | spolecny prispevek | spolecneho prispevku | spolocny prispevok | skupni | skupna | skupno | skupnega | skupen | wspolny | \
    wspolnego | wspolne | gezamenlijk* | faelles | felles | gemensam* | yhteinen | yhteisen | uhine | uhise | kopigs | kopigais | kopiga | \
    bendras | bendra | bendro | kozos | ortak | birge | birgalikda* | съвместн* | заедничк* | заједничк* | κοινη | κοινης | κοινο | ერთობლივ* | \
    համատեղ* | sameiginleg* | perbashket | comuna | муштарак | біргелесіп | сумесн* | \
    правительств* | постоянные представительства | постоянных представительств | im namen | نيابه عن";

/// How mail programs begin the subjects of what they send of themselves.
pub(super) const AUTOMATIC_SUBJECT: &str = "\
    automatic reply | auto reply | autoreply | out of office | out of the office | automatische antwort | abwesenheit \
    | reponse automatique | absence du bureau | respuesta automatica | fuera de la oficina | автоответ | \
    автоматическии ответ | risposta automatica | resposta automatica | automatisch antwoord | autosvar | automatisk \
    svar | automaattinen vastaus | automatyczna odpowiedz | automaticka odpoved | automatikus valasz | otomatik yanit \
    | رد تلقائي | 自动回复 | 自動回覆 | undeliverable | undelivered mail | delivery status notification | mail delivery failed \
    | mail delivery failure | delivery delayed | delayed delivery | returned mail | delivery failure | read receipt | \
    unzustellbar | non remis | не доставлено | недоставленное сообщение | no entregado";

/// What stands before the colon of a receipt's subject.
pub(super) const RECEIPT: &str =
    "read | not read | lu | non lu | gelesen | ungelesen geloscht | прочитано | leido | letto | gelezen | lida";

/// Sentences of such messages.
pub(super) const AUTOMATIC_BODY: &str = "\
    i am out of the office | i am currently out of the office | i am away from the office | i will be out of the \
    office | i am on leave | i am on annual leave | this is an automatic reply | this is an automated response | \
    this is an automatically generated | ich bin derzeit nicht im buro | ich bin nicht im buro | ich bin bis zum | \
    je suis absent | je suis actuellement absent | estoy fuera de la oficina | estare fuera de la oficina | я \
    нахожусь в отпуске | нахожусь в отпуске | я отсутствую | sono fuori ufficio | ik ben afwezig | message could not \
    be delivered | could not be delivered to | delivery has failed | address not found";
