//! The components that pages share.

mod announcer;
mod button;
mod closed;
mod demo_mailbox;
mod event_log;
mod experiment;
mod field_form;
mod footer;
mod form_field;
mod header;
mod link;
mod load_error;
mod loading;
mod nickname;
mod notice;
mod page;
mod session_panel;
mod unreachable;

pub(crate) use announcer::Announcer;
pub(crate) use button::Button;
pub(crate) use closed::{ClosedPage, ClosedSection};
pub(crate) use demo_mailbox::DemoMailbox;
pub(crate) use event_log::{EventLogProvider, EventLogView, use_event_log};
pub(crate) use experiment::{ExperimentItem, Outcome, task};
pub(crate) use field_form::{FieldForm, submission};
pub(crate) use footer::Footer;
pub(crate) use form_field::{Field, FormField, use_field};
pub(crate) use header::Header;
pub(crate) use link::{Link, NavLink};
pub(crate) use load_error::LoadError;
pub(crate) use loading::Loading;
pub(crate) use nickname::Nickname;
pub(crate) use notice::{ErrorNotice, Notice, SignOutError};
pub(crate) use page::{Page, Section};
pub(crate) use session_panel::{Payload, SessionPanel};
pub(crate) use unreachable::Unreachable;
