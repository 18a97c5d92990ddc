//! Some things in their order, of which a few need no memory of their own.

/// Norms, mostly one or two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Few<T> {
    Inline(u8, [T; INLINE]),
    More(Box<[T]>),
}

const INLINE: usize = 8;

impl<T: Copy> Few<T> {
    /// `filler` stands where nothing does.
    #[inline]
    pub fn new(all: impl ExactSizeIterator<Item = T>, filler: T) -> Few<T> {
        if all.len() > INLINE {
            return Few::More(all.collect());
        }
        let count = all.len() as u8;
        let mut few = [filler; INLINE];
        few.iter_mut().zip(all).for_each(|(place, one)| *place = one);
        Few::Inline(count, few)
    }

    #[inline]
    pub fn as_slice(&self) -> &[T] {
        match self {
            Few::Inline(count, few) => &few[..usize::from(*count)],
            Few::More(all) => all,
        }
    }

    /// Each turned into something else.
    #[inline]
    pub fn map<U>(&self, turn: impl Fn(T) -> U) -> Few<U> {
        match self {
            Few::Inline(count, few) => Few::Inline(*count, few.map(turn)),
            Few::More(all) => Few::More(all.iter().map(|one| turn(*one)).collect()),
        }
    }
}
