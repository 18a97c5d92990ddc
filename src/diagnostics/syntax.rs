//! The messages of the stage `syntax`: a stage says what it saw, and how it reads is here.
