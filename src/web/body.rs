//! The body of a request, and when all of it has come.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

/// A body that tells when all of it has come, or when nobody wants the rest.
pub(super) struct Heard<F: FnOnce() + Send + Unpin + 'static> {
    body: Incoming,
    tell: Option<F>,
}

impl<F: FnOnce() + Send + Unpin + 'static> Heard<F> {
    /// That body; `tell` is called once.
    pub(super) fn new(body: Incoming, tell: F) -> Self {
        let mut heard = Self { body, tell: Some(tell) };
        heard.told_at_the_end();
        heard
    }

    fn told(&mut self) {
        if let Some(tell) = self.tell.take() {
            tell();
        }
    }

    fn told_at_the_end(&mut self) {
        if self.body.is_end_stream() {
            self.told();
        }
    }
}

impl<F: FnOnce() + Send + Unpin + 'static> Drop for Heard<F> {
    fn drop(&mut self) {
        self.told();
    }
}

impl<F: FnOnce() + Send + Unpin + 'static> Body for Heard<F> {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        match polled {
            Poll::Ready(None | Some(Err(_))) => self.told(),
            Poll::Ready(Some(Ok(_))) => self.told_at_the_end(),
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
