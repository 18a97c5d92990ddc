//! The messages of the stage `resolve`: a stage says what it saw, and how it reads is here.
