//! What is concluded about a message from its reading and from what the log knows around it.

use super::{PipelineError, around::Around, readout::Readout};
use crate::{
    core::{
        file::File,
        judgement::{Judgement, judge, judge_header},
        matching::Match,
        message::Message,
    },
    office::Office,
    store::Claimed,
};

/// A conclusion, before it is written down.
#[derive(Debug)]
pub(super) struct Conclusion {
    pub(super) claimed: Claimed,
    pub(super) around: Around,
    pub(super) what: What,
}

/// What is concluded.
#[derive(Debug)]
pub(super) enum What {
    /// It was read and judged.
    Read { message: Box<Message>, files: Vec<File>, judgement: Judgement },
    /// It cannot be read, and why; its header tells whose it may be.
    Unreadable { reason: String, header: Box<Message>, matched: Match },
}

impl Conclusion {
    /// Judges a reading in the present moment of the log. Whatever a message may depend on was in the log before it came.
    pub(super) async fn of(office: &Office, claimed: Claimed, readout: Readout) -> Result<Self, PipelineError> {
        let (message, document) = match &readout {
            Readout::Read(message, files) => (message, files.iter().any(|file| file.format.is_document())),
            Readout::Unreadable(_, header) => (header, true),
        };
        let mut tx = office.db.snapshot().await?;
        let around = Around::gather(&mut tx, office, &claimed, message, document).await?;
        drop(tx);
        let calls: Vec<_> = around.calls(office).into_iter().map(|open| &open.call).collect();
        let own = office.own();
        let circumstances = around.circumstances(office, &calls, &own);
        let what = match readout {
            Readout::Read(message, files) => {
                let judgement = judge(&message, &files, &circumstances);
                What::Read { message, files, judgement }
            }
            Readout::Unreadable(reason, header) => {
                let matched = judge_header(header.from.as_ref(), header.subject.as_deref(), &circumstances);
                What::Unreadable { reason, header, matched }
            }
        };
        Ok(Self { claimed, around, what })
    }
}
