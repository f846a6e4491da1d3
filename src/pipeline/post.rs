//! Posting: the outbox releases its letters, and each is handed over once.
//!
//! A letter is frozen (Message-ID, date and bytes) in one transaction and marked as leaving in another: for a folder
//! before it is written, for a mail server when the server has all of it but the final dot. After a crash between that
//! and the record of its leaving, it is uncertain, and the same bytes go once more or a person is asked, by the setting.
//! A mail server that cannot be talked to, or that refuses us whatever the letter, is left alone for a while, longer each
//! time, whatever waits for it; no letter is given up for that. A letter of which it is not clear whether the refusal is its
//! own waits until another has left: if it is refused once more then, it is. It is long because everything between the claim
//! of a letter and the record of what became of it stands here.

use std::{
    future::pending,
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::{RwLock, RwLockReadGuard, RwLockWriteGuard, watch},
    time::{Instant, sleep},
};

use super::{Outcome, PipelineError, login, sent_copies::want_copy};
use crate::{
    clock::Moment,
    config::{OnUncertain, Transport},
    core::{
        actor::Actor,
        backoff,
        cause::Cause,
        event::{AfterDoubt, Dropped, Event, HeldFor, LeftBy, NotLeft, Remark},
    },
    failpoint,
    filing::lines,
    instance::Instance,
    mailer::{Envelope, Folder, Handover, Outgoing, Phase, Smtp, SmtpLimits, compose, message_id},
    store::{About, ClaimedLetter, LetterState, StoreError, Tx},
};

/// How long a claim lasts beyond what handing over may take.
const CLAIM: Duration = Duration::from_mins(5);
/// The waits before what became of a letter is recorded again, and then as long as the database is away: a letter that left
/// and is not recorded would go once more.
const RECORD_AGAIN: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(400), Duration::from_secs(1), Duration::from_secs(2)];
const RECORD_EVERY: Duration = Duration::from_secs(2);
/// How long that goes on when the program stops.
const RECORD_AT_STOP: Duration = Duration::from_secs(5);
/// How many letters are handed over before it is looked again whether that should go on.
const IN_A_ROW: usize = 16;
/// After so many failures, the wait before the mail server is tried again grows no more.
const PAUSES_GROW: u32 = 4;

/// Hands letters over; several steps at once hand over several side by side.
#[derive(Debug)]
pub struct Post {
    instance: Arc<Instance>,
    outlet: Outlet,
    stop: Option<watch::Receiver<bool>>,
    course: Mutex<Course>,
    /// Held by each letter on its way; by one that goes alone, for writing.
    way: RwLock<()>,
    /// Letters that did not leave and are claimed for nothing, because the database was not there to take them back.
    astray: Mutex<Vec<ClaimedLetter>>,
    /// How many letters are in hand, of which it is not recorded yet what became of them.
    in_hand: AtomicUsize,
}

/// A letter in hand, until it is dropped.
struct InHand<'a>(&'a AtomicUsize);

/// Where letters leave.
#[derive(Debug)]
enum Outlet {
    Folder(Folder),
    Smtp(Box<Smtp>),
}

/// How it went with the mail server lately.
#[derive(Debug, Default)]
struct Course {
    /// A letter has left since the server could not be talked to.
    proven: bool,
    /// How often it was left alone since.
    failures: u32,
    /// Where in the conversation the last letter met what all would meet; `None` if none did since one came past that.
    at: Option<Phase>,
    /// How long it is left alone.
    until: Option<Instant>,
    /// The failures are over, and the letters that wait for that do not know it yet.
    over: bool,
}

/// A letter's turn on the way, until it is dropped.
enum Turn<'a> {
    Beside { _way: RwLockReadGuard<'a, ()> },
    Alone { _way: RwLockWriteGuard<'a, ()> },
}

/// A letter that is claimed and frozen; without bytes it must not leave.
struct Taken {
    letter: ClaimedLetter,
    bytes: Option<Vec<u8>>,
}

/// What became of a letter.
enum Handed {
    Left(LeftBy),
    Later(NotLeft),
    /// It waits for what is not its own fault, or perhaps is not.
    Waits(Cause, NotLeft),
    Refused(NotLeft),
    Uncertain(NotLeft),
}

impl<'a> InHand<'a> {
    fn one_more(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Course {
    /// Leaves the mail server alone for a while, longer each time.
    fn leave_alone(&mut self) {
        self.failures = self.failures.saturating_add(1);
        self.proven = false;
        self.until = Some(Instant::now() + backoff::wait(self.failures.min(PAUSES_GROW), 0));
    }
}

impl Post {
    /// Hands letters over as the configuration says.
    #[must_use]
    pub fn new(instance: Arc<Instance>) -> Self {
        let letters = &instance.config.letters;
        let outlet = match &letters.transport {
            Transport::Folder => Outlet::Folder(Folder::at(&letters.folder, letters.form).open_to(letters.folder_mode)),
            Transport::Smtp(server) => Outlet::Smtp(Box::new(Smtp::new(server.clone(), SmtpLimits::default()))),
        };
        Self {
            instance,
            outlet,
            stop: None,
            course: Mutex::default(),
            way: RwLock::default(),
            astray: Mutex::default(),
            in_hand: AtomicUsize::new(0),
        }
    }

    /// Lets no letter leave any more once `stop` says so, though it may be on its way: it goes with the next start. For the
    /// answer to one that has left it is waited for a while.
    #[must_use]
    pub fn until(self, stop: watch::Receiver<bool>) -> Self {
        Self { stop: Some(stop), ..self }
    }

    /// How many steps at once are of use.
    #[must_use]
    pub fn lanes(&self) -> usize {
        match &self.outlet {
            Outlet::Folder(_) => 1,
            Outlet::Smtp(smtp) => smtp.config().connections,
        }
    }

    /// Whether it must be waited for letters of which it is not recorded what became of them, and how long at most.
    #[must_use]
    pub fn must_be_waited_for(&self) -> Option<Duration> {
        let longest = self.wait_at_stop() + RECORD_AT_STOP;
        (self.in_hand.load(Ordering::SeqCst) > 0).then_some(longest)
    }

    /// How long the answer to a letter that may have left is waited for when the program stops.
    fn wait_at_stop(&self) -> Duration {
        match &self.outlet {
            Outlet::Folder(_) => Duration::ZERO,
            Outlet::Smtp(smtp) => smtp.config().wait_at_stop,
        }
    }

    /// Hands over the letter that is due longest, and after one that left those behind it, some in a row.
    ///
    /// # Errors
    /// The database did not answer. A letter that did not leave is given back, at the latest by the next step that finds the
    /// database there.
    pub async fn step(&self) -> Result<Outcome, PipelineError> {
        let turn = self.turn().await;
        if self.pauses() {
            return Ok(Outcome::Idle);
        }
        self.instance.attend().await?;
        self.give_back().await?;
        let Some(mut taken) = self.take().await? else {
            self.rest().await;
            return Ok(Outcome::Idle);
        };
        let _in_hand = InHand::one_more(&self.in_hand);
        for behind in (0..IN_A_ROW).rev() {
            let Taken { letter, bytes } = taken;
            let handed = match self.hand_over(&letter, bytes).await {
                Ok(Some(handed)) => handed,
                Ok(None) => {
                    self.astray().push(letter);
                    self.give_back().await?;
                    break;
                }
                Err(error) => {
                    self.astray().push(letter);
                    return Err(error);
                }
            };
            let goes_on = matches!((&turn, &handed), (Turn::Beside { .. }, Handed::Left(_)));
            let goes_on = goes_on && behind > 0 && !self.stops();
            let Some(next) = self.record(&letter, &handed, goes_on).await? else { break };
            taken = next;
        }
        self.go_on().await?;
        Ok(Outcome::Worked)
    }

    /// Gives back what went astray.
    async fn give_back(&self) -> Result<(), PipelineError> {
        let astray = mem::take(&mut *self.astray());
        if astray.is_empty() {
            return Ok(());
        }
        let given_back = async {
            let (mut tx, now) = (self.instance.db.begin().await?, self.instance.clock.now());
            for letter in &astray {
                tx.letter_given_back(letter, now).await?;
            }
            tx.commit().await
        };
        if let Err(error) = given_back.await {
            self.astray().extend(astray);
            return Err(error.into());
        }
        Ok(())
    }

    fn astray(&self) -> MutexGuard<'_, Vec<ClaimedLetter>> {
        self.astray.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands one letter over; nothing where it must not leave.
    async fn hand_over(&self, letter: &ClaimedLetter, bytes: Option<Vec<u8>>) -> Result<Option<Handed>, PipelineError> {
        if letter.state()? == LetterState::Sending && self.leaves_doubt() {
            return Ok(Some(Handed::Uncertain(NotLeft::Stopped)));
        }
        let Some(bytes) = bytes else { return Ok(None) };
        match &self.outlet {
            Outlet::Folder(folder) => self.by_folder(folder, letter, &bytes).await,
            Outlet::Smtp(smtp) => self.by_smtp(smtp, letter, &bytes).await,
        }
    }

    /// There is no letter to hand over. Where none could leave, and none is there to be tried again, an empty
    /// conversation shows whether one could now.
    async fn rest(&self) {
        let watch = &self.instance.watch;
        match &self.outlet {
            Outlet::Smtp(smtp) if watch.letters_in_doubt() => {
                let return_path = self.instance.config.letters.return_path.as_deref();
                match login::try_out(&self.instance.tokens, smtp, return_path).await {
                    Ok(()) => watch.letters_can_leave(self.instance.clock.now()),
                    Err(sent) => {
                        self.course().leave_alone();
                        self.tell(&sent);
                    }
                }
            }
            Outlet::Smtp(smtp) => smtp.rest().await,
            Outlet::Folder(folder) if watch.letters_in_doubt() && folder.try_out().is_ok() => {
                watch.letters_can_leave(self.instance.clock.now());
            }
            Outlet::Folder(_) => {}
        }
    }

    /// There will be no more letters: a connection that is kept for the next one is ended.
    pub async fn close(&self) {
        if let Outlet::Smtp(smtp) = &self.outlet {
            smtp.close().await;
        }
    }

    /// Whether a letter that was cut off may have left in a way that once more would be twice. Into a folder, the same
    /// letter makes the same file.
    fn leaves_doubt(&self) -> bool {
        matches!(self.outlet, Outlet::Smtp(_)) || self.instance.config.letters.on_uncertain == OnUncertain::Ask
    }

    /// Takes the letter that is due longest, with a commit of its own. One that cannot be frozen stays claimed, so that
    /// those behind it have their turn.
    async fn take(&self) -> Result<Option<Taken>, PipelineError> {
        let mut tx = self.instance.db.begin().await?;
        match self.take_within(&mut tx).await {
            Ok(None) => Ok(None),
            Ok(Some(taken)) => {
                let committed = tx.commit().await;
                let taken = self.taken_by(committed, Some(taken))?;
                failpoint::reached("after-release-commit");
                Ok(taken)
            }
            Err(error) if error.is_away() => Err(error),
            Err(error) => {
                tx.roll_back().await?;
                let mut tx = self.instance.db.begin().await?;
                self.claim(&mut tx).await?;
                tx.commit().await?;
                Err(error)
            }
        }
    }

    /// What was taken by a commit. Where that failed, it may be claimed all the same.
    fn taken_by(
        &self,
        committed: Result<(), StoreError>,
        taken: Option<Taken>,
    ) -> Result<Option<Taken>, PipelineError> {
        match committed {
            Ok(()) => Ok(taken),
            Err(error) => {
                self.astray().extend(taken.map(|taken| taken.letter));
                Err(error.into())
            }
        }
    }

    /// Claims the letter that is due longest and freezes it.
    async fn take_within(&self, tx: &mut Tx) -> Result<Option<Taken>, PipelineError> {
        let Some(mut letter) = self.claim(tx).await? else { return Ok(None) };
        failpoint::reached("after-letter-claim");
        let bytes = match letter.bytes.take() {
            Some(bytes) => Some(bytes),
            None => self.release(tx, &letter).await?,
        };
        failpoint::reached("before-release-commit");
        Ok(Some(Taken { letter, bytes }))
    }

    async fn claim(&self, tx: &mut Tx) -> Result<Option<ClaimedLetter>, PipelineError> {
        let for_how_long = match &self.outlet {
            Outlet::Folder(_) => CLAIM,
            Outlet::Smtp(smtp) => smtp.longest() + CLAIM,
        };
        Ok(tx.claim_letter(&self.instance.owner, for_how_long, self.instance.clock.now()).await?)
    }

    /// Freezes a letter and yields its bytes; nothing if it must not leave.
    async fn release(&self, tx: &mut Tx, letter: &ClaimedLetter) -> Result<Option<Vec<u8>>, PipelineError> {
        if letter.entry_changed() {
            self.end(tx, letter, LetterState::Discarded, NotLeft::Dropped(Dropped::EntryChanged)).await?;
            return Ok(None);
        }
        let now = self.instance.clock.now();
        let config = &self.instance.config.letters;
        let id = message_id(&self.instance.secret, letter.id, now, &config.from_address);
        let composed = compose(&Outgoing {
            from_name: &config.from_name,
            from_address: &config.from_address,
            to_address: &letter.recipient,
            to_name: letter.recipient_name.as_deref(),
            subject: &letter.subject,
            body: &letter.body,
            message_id: &id,
            date: now,
            in_reply_to: letter.in_reply_to.as_deref(),
            references: &letter.references().collect::<Vec<_>>(),
            replied: letter.kind()?.answers(),
        });
        match composed {
            Ok(bytes) => Ok(tx.freeze_letter(letter, now, &id, &bytes).await?.then_some(bytes)),
            Err(error) => {
                self.end(tx, letter, LetterState::Failed, NotLeft::NotComposed { why: error.to_string() }).await?;
                Ok(None)
            }
        }
    }

    /// Commits that the letter leaves from now on. `false` if it must not: the claim was lost, a person took the letter
    /// back, or the program stops.
    async fn leaves(&self, letter: &ClaimedLetter) -> Result<bool, PipelineError> {
        if self.stops() {
            return Ok(false);
        }
        self.instance.attend().await?;
        let mut tx = self.instance.db.begin().await?;
        let mine = tx.letter_leaves(letter, self.instance.clock.now()).await?;
        failpoint::reached("before-leave-commit");
        tx.commit().await?;
        failpoint::reached("after-leave-commit");
        Ok(mine)
    }

    async fn by_folder(
        &self,
        folder: &Folder,
        letter: &ClaimedLetter,
        bytes: &[u8],
    ) -> Result<Option<Handed>, PipelineError> {
        if !self.leaves(letter).await? {
            return Ok(None);
        }
        let (watch, handed) = (&self.instance.watch, folder.hand_over(letter.id, bytes));
        Ok(Some(match handed {
            Ok(path) => {
                watch.letter_left(self.instance.clock.now());
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Handed::Left(LeftBy::Folder { file })
            }
            Err(error) => {
                watch.letters_fail(self.instance.clock.now(), &error.to_string());
                Handed::Waits(Cause::Unreachable, NotLeft::NotWritten { why: error.to_string() })
            }
        }))
    }

    async fn by_smtp(
        &self,
        smtp: &Smtp,
        letter: &ClaimedLetter,
        bytes: &[u8],
    ) -> Result<Option<Handed>, PipelineError> {
        let return_path = self.instance.config.letters.return_path.as_deref();
        let envelope = Envelope { return_path, recipient: &letter.recipient };
        let written = tokio::select! {
            written = login::until_the_dot(&self.instance.tokens, smtp, envelope, bytes) => written,
            () = self.stopped() => return Ok(None),
        };
        let sent = match written {
            Ok(written) => {
                let began = Moment::now();
                if !self.leaves(letter).await? || self.slept_since(began) {
                    written.abandon();
                    return Ok(None);
                }
                written.dot(self.waited_enough()).await
            }
            Err(sent) => sent,
        };
        self.pause_after(&sent);
        self.tell(&sent);
        let cause = sent.cause();
        if keeps_waiting(&sent) {
            let what = format!("letter {} for {} waits", letter.id, letter.about());
            self.instance.watch.complain(&what, &sent.to_string(), self.instance.clock.now());
        }
        Ok(Some(match (sent.became(), cause) {
            (Ok(reply), _) => {
                failpoint::reached("after-250");
                Handed::Left(LeftBy::Server { reply: reply.to_string() })
            }
            (Err(why @ NotLeft::Unanswered { .. }), _) => Handed::Uncertain(why),
            (Err(why), Some(cause)) => Handed::Waits(cause, why),
            (Err(why @ (NotLeft::Refused { .. } | NotLeft::Impossible { .. })), None) => Handed::Refused(why),
            (Err(why), None) => Handed::Later(why),
        }))
    }

    /// Whether it may not be written that the letter is at its end: since it was said that it leaves it may be another's.
    /// After this nothing comes but the dot.
    fn slept_since(&self, began: Moment) -> bool {
        let unseen = self.instance.presence.out_of_sight_since(began);
        if let Some(unseen) = unseen {
            let seconds = unseen.as_secs();
            tracing::warn!(seconds, "a letter does not leave: nobody could see that this process works");
        }
        unseen.is_some()
    }

    /// Says why the answer to a letter is not waited for any longer, once the program has been stopping for so long.
    async fn waited_enough(&self) -> String {
        self.stopped().await;
        sleep(self.wait_at_stop()).await;
        "the program was stopped before the server answered".to_owned()
    }

    /// Records what became of a letter, as soon as the database is there for it. Takes the next one with the same commit
    /// where it `goes_on`.
    async fn record(
        &self,
        letter: &ClaimedLetter,
        handed: &Handed,
        goes_on: bool,
    ) -> Result<Option<Taken>, PipelineError> {
        let late = async {
            self.stopped().await;
            sleep(RECORD_AT_STOP).await;
        };
        tokio::select! {
            recorded = self.record_in_the_end(letter, handed, goes_on) => recorded,
            () = late => Err(StoreError::Silent(RECORD_AT_STOP).into()),
        }
    }

    async fn record_in_the_end(
        &self,
        letter: &ClaimedLetter,
        handed: &Handed,
        mut goes_on: bool,
    ) -> Result<Option<Taken>, PipelineError> {
        let mut tried = 0;
        loop {
            let error = match self.record_once(letter, handed, goes_on).await {
                Err(error) if goes_on || error.is_temporary() => error,
                other => return other,
            };
            if tried == 0 {
                let what = "what became of a letter cannot be recorded yet";
                self.instance.watch.complain(what, &error.to_string(), self.instance.clock.now());
            }
            // It may be the next letter that cannot be taken.
            goes_on = false;
            let wait = match RECORD_AGAIN.get(tried) {
                Some(wait) => *wait,
                None if error.is_away() => RECORD_EVERY,
                None => return Err(error),
            };
            sleep(wait).await;
            tried += 1;
        }
    }

    async fn record_once(
        &self,
        letter: &ClaimedLetter,
        handed: &Handed,
        goes_on: bool,
    ) -> Result<Option<Taken>, PipelineError> {
        let now = self.instance.clock.now();
        let mut tx = self.instance.db.begin().await?;
        let recorded = match handed {
            Handed::Left(by) => {
                let sent = tx.letter_sent(letter, now).await?;
                let kind = letter.kind()?;
                if sent {
                    tx.say(lines::left(letter.id, kind, &letter.about()));
                }
                if sent && matches!(self.outlet, Outlet::Smtp(_)) {
                    want_copy(&mut tx, &self.instance, letter.id).await?;
                }
                sent.then(|| Event::LetterSent { letter: kind, by: by.clone() })
            }
            Handed::Later(why) => {
                if self.gives_up(&mut tx, letter, None, now).await? {
                    self.given_up(&mut tx, letter, why, now).await?
                } else {
                    tx.letter_later(letter, now, self.next_attempt(letter, None), &why.phrase().plain()).await?;
                    None
                }
            }
            Handed::Waits(cause, why) => {
                if *cause == Cause::Doubtful && tx.another_left_since_doubt(letter.id).await? {
                    self.refused(&mut tx, letter, why, vec![Remark::OthersLeft], now).await?
                } else if self.gives_up(&mut tx, letter, Some(*cause), now).await? {
                    self.given_up(&mut tx, letter, why, now).await?
                } else {
                    let next = self.next_attempt(letter, Some(*cause));
                    tx.letter_waits(letter, now, next, *cause, &why.phrase().plain()).await?;
                    None
                }
            }
            Handed::Refused(why) => self.refused(&mut tx, letter, why, Vec::new(), now).await?,
            Handed::Uncertain(why) => {
                let reason = why.phrase().plain();
                let again = letter.uncertain == 0;
                if again && self.instance.config.letters.on_uncertain == OnUncertain::Resend {
                    let uncertain = tx.letter_uncertain(letter, now, self.next_attempt(letter, None), &reason).await?;
                    let again = format!("it may have left, and goes once more: {reason}");
                    tx.warn(lines::not_left(letter.id, &letter.about(), &again));
                    uncertain.then(|| Event::LetterUncertain { why: why.clone(), next: AfterDoubt::Again })
                } else {
                    let held = tx.letter_held(letter, now, HeldFor::Uncertain, &reason).await?;
                    tx.warn(lines::held(letter.id, &letter.about(), &reason));
                    held.then(|| Event::LetterUncertain { why: why.clone(), next: AfterDoubt::Asked })
                }
            }
        };
        if let Some(event) = recorded {
            let about = About { message: letter.message_id, ..About::letter(letter.id) };
            tx.record(now, about, &Actor::Program, &event)?;
        }
        let next = if goes_on { self.take_within(&mut tx).await? } else { None };
        failpoint::reached("before-record-commit");
        let committed = tx.commit().await;
        let next = self.taken_by(committed, next)?;
        failpoint::reached("after-record-commit");
        Ok(next)
    }

    /// Waits for a turn: side by side with others once a letter has left, else alone, so that a login that would be
    /// refused is not tried several times at once.
    async fn turn(&self) -> Turn<'_> {
        if self.course().proven {
            return Turn::Beside { _way: self.way.read().await };
        }
        let way = self.way.write().await;
        // A letter may have left meanwhile.
        if self.course().proven { Turn::Beside { _way: way.downgrade() } } else { Turn::Alone { _way: way } }
    }

    /// Whether the program stops.
    fn stops(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.borrow())
    }

    /// Waits until the program stops.
    async fn stopped(&self) {
        match &self.stop {
            // A closed channel means that the process is going down, too.
            Some(stop) => drop(stop.clone().wait_for(|stop| *stop).await),
            None => pending().await,
        }
    }

    fn pauses(&self) -> bool {
        self.course().until.is_some_and(|until| Instant::now() < until)
    }

    fn course(&self) -> MutexGuard<'_, Course> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a conversation says of the next ones. Where there was no login, the next letter would meet the same, and a login
    /// that is tried again with every letter ends in a locked account. Where we were refused behind it, one more letter shows
    /// at once whether that was about all of them. Whoever comes past that place shows that it is over.
    fn pause_after(&self, sent: &Handover) {
        let mut course = self.course();
        let failing = course.at.is_some();
        if let Some(cause) = sent.cause().filter(|cause| cause.concerns_all()) {
            (course.at, course.proven) = (sent.stopped_at(), false);
            if failing || matches!(cause, Cause::Unreachable | Cause::Login) {
                course.leave_alone();
            }
        } else if course.at.is_none_or(|at| sent.stopped_at().is_none_or(|stopped| stopped > at)) {
            if failing {
                self.instance.watch.letters_can_leave(self.instance.clock.now());
            }
            let proven = course.proven || matches!(sent, Handover::Accepted { .. });
            *course = Course { proven, over: course.over || failing, ..Course::default() };
        }
    }

    /// What kept all letters from leaving is over: those that wait for it go on.
    async fn go_on(&self) -> Result<(), PipelineError> {
        if !std::mem::take(&mut self.course().over) {
            return Ok(());
        }
        let mut tx = self.instance.db.begin().await?;
        tx.letters_go_on(self.instance.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// What a conversation shows of all letters. Only what names nobody but us is repeated.
    fn tell(&self, sent: &Handover) {
        let (watch, now) = (&self.instance.watch, self.instance.clock.now());
        match (sent, sent.trouble()) {
            (Handover::Accepted { .. }, _) => watch.letter_left(now),
            (Handover::NotSent { phase, .. }, Some(why)) if phase.is_before_letters() => watch.letters_fail(now, &why),
            (_, Some(why)) => watch.letters_refused(now, &why),
            (Handover::Permanent { .. }, None) if sent.cause().is_none() => watch.letter_refused(now),
            (Handover::Uncertain { .. }, None) => watch.letter_refused(now),
            (_, None) => {}
        }
    }

    /// Ends a letter that was refused for its own fault, and yields what is recorded of it.
    async fn refused(
        &self,
        tx: &mut Tx,
        letter: &ClaimedLetter,
        why: &NotLeft,
        mut remarks: Vec<Remark>,
        now: Timestamp,
    ) -> Result<Option<Event>, PipelineError> {
        if letter.uncertain > 0 {
            remarks.push(Remark::MayHaveLeft);
        }
        let reason = why.remarked(&remarks).plain();
        let ended = tx.letter_ends(letter, now, LetterState::Failed, &reason).await?;
        tx.warn(lines::not_left(letter.id, &letter.about(), &reason));
        Ok(ended.then(|| Event::LetterEnded { why: why.clone(), remarks }))
    }

    /// Ends a letter that was tried long enough, and yields what is recorded of it.
    async fn given_up(
        &self,
        tx: &mut Tx,
        letter: &ClaimedLetter,
        why: &NotLeft,
        now: Timestamp,
    ) -> Result<Option<Event>, PipelineError> {
        let reason = why.phrase().plain();
        let ended = tx.letter_ends(letter, now, LetterState::Failed, &reason).await?;
        tx.warn(lines::not_left(letter.id, &letter.about(), &format!("it is given up: {reason}")));
        Ok(ended.then(|| Event::LetterEnded { why: why.clone(), remarks: vec![Remark::GivenUp] }))
    }

    /// Whether a letter has been tried long enough. What is not its own fault is not counted to it; but a reminder that
    /// comes too late is none.
    async fn gives_up(
        &self,
        tx: &mut Tx,
        letter: &ClaimedLetter,
        cause: Option<Cause>,
        now: Timestamp,
    ) -> Result<bool, PipelineError> {
        let since = match cause {
            None | Some(Cause::Doubtful) => tx.tried_since(letter.id).await?,
            Some(_) if !letter.kind()?.answers() => letter.released_at()?,
            Some(_) => None,
        };
        let most = SignedDuration::try_from(self.instance.config.letters.give_up_after).unwrap_or(SignedDuration::MAX);
        Ok(since.is_some_and(|since| now.duration_since(since) > most))
    }

    /// When a letter is tried again. What all wait for is asked for by one letter at a time, so none need wait for long.
    fn next_attempt(&self, letter: &ClaimedLetter, cause: Option<Cause>) -> Timestamp {
        let failed = u32::try_from(letter.attempts + 1).unwrap_or(u32::MAX);
        let failed = if cause.is_some_and(Cause::concerns_all) { failed.min(PAUSES_GROW) } else { failed };
        let chance = u32::try_from(letter.id.rem_euclid(1000)).unwrap_or(0);
        let wait = SignedDuration::try_from(backoff::wait(failed, chance)).unwrap_or(SignedDuration::MAX);
        self.instance.clock.now().saturating_add(wait).unwrap_or(Timestamp::MAX)
    }

    async fn end(
        &self,
        tx: &mut Tx,
        letter: &ClaimedLetter,
        state: LetterState,
        why: NotLeft,
    ) -> Result<(), PipelineError> {
        let (now, reason) = (self.instance.clock.now(), why.phrase().plain());
        if tx.letter_ends(letter, now, state, &reason).await? {
            let about = About { message: letter.message_id, ..About::letter(letter.id) };
            tx.record(now, about, &Actor::Program, &Event::LetterEnded { why, remarks: Vec::new() })?;
            tx.say(lines::not_left(letter.id, &letter.about(), &reason));
        }
        Ok(())
    }
}

/// Whether one letter is tried again for what was said of it; what was said before any letter is told of all of them.
fn keeps_waiting(sent: &Handover) -> bool {
    match sent {
        Handover::NotSent { phase, .. } => !phase.is_before_letters(),
        Handover::Transient { .. } => true,
        _ => false,
    }
}
