//! What is concluded about a message from its reading and from what the log knows around it.

use super::{PipelineError, context::Around, readout::Readout};
use crate::{
    core::{
        file::File,
        judging::{
            judgement::{Judgement, judge, judge_header},
            matching::Match,
        },
        mail::message::Message,
    },
    instance::Instance,
    store::{Claimed, Tx},
};

/// A conclusion, before it is written down.
#[derive(Debug)]
pub(super) struct Conclusion {
    pub(super) claimed: Claimed,
    pub(super) around: Around,
    pub(super) what: Concluded,
}

/// What is concluded of what was read.
type Concluded = Readout<Judgement, Match>;

impl Conclusion {
    /// Judges a reading in the present moment of the log.
    pub(super) async fn of(instance: &Instance, claimed: Claimed, readout: Readout) -> Result<Self, PipelineError> {
        let (message, document) = match &readout {
            Readout::Read { message, files, .. } => (message, brings_document(files)),
            Readout::Unreadable { header, .. } => (header, true),
        };
        let mut tx = instance.db.snapshot().await?;
        let around = Around::gather(&mut tx, instance, &claimed, message, document).await?;
        drop(tx);
        let what = match readout {
            Readout::Read { message, files, .. } => {
                let judgement = judgement(instance, &around, &message, &files);
                Concluded::Read { message, files, judgement }
            }
            Readout::Unreadable { why, header, .. } => {
                let matched = matched(instance, &around, &header);
                Concluded::Unreadable { why, header, matched }
            }
        };
        Ok(Self { claimed, around, what })
    }

    /// Judges anew if the log knows more around the message by now: what came before it may have been filed or answered
    /// since.
    pub(super) async fn renew(&mut self, tx: &mut Tx, instance: &Instance) -> Result<(), PipelineError> {
        let (message, document) = match &self.what {
            Concluded::Read { message, files, .. } => (message, brings_document(files)),
            Concluded::Unreadable { header, .. } => (header, true),
        };
        let around = Around::gather(tx, instance, &self.claimed, message, document).await?;
        if around != self.around {
            match &mut self.what {
                Concluded::Read { message, files, judgement: before } => {
                    *before = judgement(instance, &around, message, files);
                }
                Concluded::Unreadable { header, matched: before, .. } => *before = matched(instance, &around, header),
            }
            self.around = around;
        }
        Ok(())
    }
}

pub(super) fn brings_document(files: &[File]) -> bool {
    files.iter().any(|file| file.format.is_document())
}

pub(super) fn judgement(instance: &Instance, around: &Around, message: &Message, files: &[File]) -> Judgement {
    let open = around.calls(instance);
    let calls: Vec<_> = open.iter().map(|open| &open.call).collect();
    judge(message, files, &around.circumstances(instance, &calls))
}

fn matched(instance: &Instance, around: &Around, header: &Message) -> Match {
    let open = around.calls(instance);
    let calls: Vec<_> = open.iter().map(|open| &open.call).collect();
    judge_header(header.from.as_ref(), header.subject.as_deref(), &around.circumstances(instance, &calls))
}
