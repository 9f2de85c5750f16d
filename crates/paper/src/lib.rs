//! Papers: what the law wants printed, signed by hand, stuck on a bottle or handed to an inspector.
//!
//! A [`Document`] is a list of blocks; [`Document::print`] lays it out and gives a PDF (tagged, PDF/A-2a, PDF/UA-1, fonts
//! inside) whose bytes depend on nothing but the document. Nothing here knows a prescription: [`papers`] defines the content
//! of each paper as plain data, and whoever prints fills it.
//!
//! ```
//! use theriac_paper::{Document, PageSize};
//!
//! let mut paper = Document::new(PageSize::LETTER, "Monthly log", "AB1234563", "2026-03-01T00:00:00Z".parse()?);
//! paper.paragraph("No controlled-substance prescription was signed in this month.");
//! let printed = paper.print()?;
//! assert!(printed.pdf.starts_with(b"%PDF-1.7"));
//! assert_eq!(printed.pages, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod barcode;
pub mod chart;
pub mod document;
pub mod drawing;
mod face;
mod flow;
pub mod length;
pub mod papers;
mod pdf;
mod refusals;
pub mod sheet;
pub mod size;
pub mod svg;
pub mod table;
mod tree;
mod wrap;

pub use barcode::Symbol;
pub use document::{Block, Document, Footer, Head, PAGES_MAX, Printed, SignatureLine, Standing, Tick};
pub use drawing::{Anchor, Dash, Drawing, Point, Shade, Shape};
pub use face::Face;
pub use length::Length;
pub use size::{Overflow, PageSize};
pub use table::{Align, Column, Row, Table, Weight};
