//! The messages of the stage `check`: a stage says what it saw, and how it reads is here.
