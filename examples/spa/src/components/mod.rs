//! The components that pages share.

mod announcer;
mod closed;
mod demo_mailbox;
mod event_log;
mod experiment;
mod field_form;
mod footer;
mod form_field;
mod header;
mod load_error;
mod loading;
mod nickname;
mod notice;
mod page;
mod session_panel;
mod unreachable;

pub(crate) use announcer::{Announce, Announcer};
pub(crate) use closed::{ClosedPage, ClosedSection};
pub(crate) use demo_mailbox::DemoMailbox;
pub(crate) use event_log::EventLogView;
pub(crate) use experiment::{ExperimentItem, Outcome};
pub(crate) use field_form::FieldForm;
pub(crate) use footer::Footer;
pub(crate) use form_field::FormField;
pub(crate) use header::Header;
pub(crate) use load_error::LoadError;
pub(crate) use loading::Loading;
pub(crate) use nickname::Nickname;
pub(crate) use notice::{ErrorNotice, Notice, SignOutError};
pub(crate) use page::{Page, Section};
pub(crate) use session_panel::{Payload, SessionPanel};
pub(crate) use unreachable::Unreachable;
