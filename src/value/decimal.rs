//! Decimals that are exact or not at all.

use rust_decimal::Decimal;

/// The product, or `None` when it would have to be rounded.
pub(crate) fn multiplied(left: Decimal, right: Decimal) -> Option<Decimal> {
    let (left, right) = (left.normalize(), right.normalize());
    let mut digits = left.mantissa().checked_mul(right.mantissa())?;
    let mut scale = left.scale() + right.scale();
    while scale > 0 && digits % 10 == 0 {
        (digits, scale) = (digits / 10, scale - 1);
    }
    Decimal::try_from_i128_with_scale(digits, scale).ok()
}

/// The amount, one more and one less, as far as there are such numbers.
pub(crate) fn near(amount: Decimal) -> impl Iterator<Item = Decimal> {
    [Some(amount), amount.checked_add(Decimal::ONE), amount.checked_sub(Decimal::ONE)].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_exact_or_nothing() {
        let decimal = |text: &str| Decimal::from_str_exact(text).unwrap();
        assert_eq!(multiplied(decimal("1000"), decimal("0.00628981")), Some(decimal("6.28981")));
        assert_eq!(multiplied(decimal("0.00000000000001"), decimal("0.000000000000001")), None);
        assert_eq!(multiplied(decimal("0.5"), decimal("0.2")), Some(decimal("0.1")));
        assert_eq!(multiplied(Decimal::MAX, decimal("2")), None);
        assert_eq!(multiplied(Decimal::ZERO, decimal("2.5")), Some(Decimal::ZERO));
    }

    #[test]
    fn nothing_is_above_the_greatest_amount() {
        assert_eq!(near(Decimal::MAX).collect::<Vec<_>>(), [Decimal::MAX, Decimal::MAX - Decimal::ONE]);
        assert_eq!(near(Decimal::ZERO).count(), 3);
    }
}
