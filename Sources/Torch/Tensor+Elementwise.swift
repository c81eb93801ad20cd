// Element-wise operators; shapes broadcast as in NumPy.

extension Tensor {
    public static func + (a: Tensor, b: Tensor) -> Tensor { Operators.add(.tensor(a), .tensor(b)) }
    public static func + (a: Tensor, b: Double) -> Tensor {
        Operators.addScalar(.tensor(a), .double(b))
    }
    public static func - (a: Tensor, b: Tensor) -> Tensor { Operators.sub(.tensor(a), .tensor(b)) }
    public static func - (a: Tensor, b: Double) -> Tensor {
        Operators.addScalar(.tensor(a), .double(-b))
    }
    public static func - (a: Double, b: Tensor) -> Tensor { -b + a }
    public static func * (a: Tensor, b: Tensor) -> Tensor { Operators.mul(.tensor(a), .tensor(b)) }
    public static func * (a: Tensor, b: Double) -> Tensor {
        Operators.mulScalar(.tensor(a), .double(b))
    }
    public static func * (a: Double, b: Tensor) -> Tensor { b * a }
    public static func / (a: Tensor, b: Tensor) -> Tensor { Operators.div(.tensor(a), .tensor(b)) }
    public static func / (a: Tensor, b: Double) -> Tensor {
        Operators.divScalar(.tensor(a), .double(b))
    }
    public static prefix func - (a: Tensor) -> Tensor { Operators.neg(.tensor(a)) }

    /// self + alpha * other, in place.
    @discardableResult
    public func add_(_ other: Tensor, alpha: Double = 1) -> Tensor {
        Operators.addInPlace(.tensor(self), .tensor(other), .double(alpha))
    }

    /// self * other, in place.
    @discardableResult
    public func mul_(_ other: Tensor) -> Tensor {
        Operators.mulInPlace(.tensor(self), .tensor(other))
    }

    /// self * factor, in place.
    @discardableResult
    public func mul_(_ factor: Double) -> Tensor {
        Operators.mulScalarInPlace(.tensor(self), .double(factor))
    }

    /// self + value * a * b, in place.
    @discardableResult
    public func addcmul_(_ a: Tensor, _ b: Tensor, value: Double) -> Tensor {
        Operators.addcmulInPlace(.tensor(self), .tensor(a), .tensor(b), .double(value))
    }

    /// self + value * a / b, in place.
    @discardableResult
    public func addcdiv_(_ a: Tensor, _ b: Tensor, value: Double) -> Tensor {
        Operators.addcdivInPlace(.tensor(self), .tensor(a), .tensor(b), .double(value))
    }

    /// self + weight * (end - self), in place.
    @discardableResult
    public func lerp_(_ end: Tensor, weight: Double) -> Tensor {
        Operators.lerpInPlace(.tensor(self), .tensor(end), .double(weight))
    }

    /// Overwrites self with `source`, converting its dtype and device.
    @discardableResult
    public func copy_(_ source: Tensor) -> Tensor {
        Operators.copyInPlace(.tensor(self), .tensor(source))
    }

    /// Overwrites self with zeros.
    @discardableResult
    public func zero_() -> Tensor { Operators.zeroInPlace(.tensor(self)) }

    public func exp() -> Tensor { Operators.exp(.tensor(self)) }
    public func log() -> Tensor { Operators.log(.tensor(self)) }
    public func sqrt() -> Tensor { Operators.sqrt(.tensor(self)) }
    public func rsqrt() -> Tensor { Operators.rsqrt(.tensor(self)) }
    public func square() -> Tensor { Operators.square(.tensor(self)) }
    public func abs() -> Tensor { Operators.abs(.tensor(self)) }
    public func sin() -> Tensor { Operators.sin(.tensor(self)) }
    public func cos() -> Tensor { Operators.cos(.tensor(self)) }
    public func sigmoid() -> Tensor { Operators.sigmoid(.tensor(self)) }
    /// x * sigmoid(x).
    public func silu() -> Tensor { Operators.silu(.tensor(self)) }
    public func relu() -> Tensor { Operators.relu(.tensor(self)) }
    /// exp(x) - 1, exact near 0.
    public func expm1() -> Tensor { Operators.expm1(.tensor(self)) }
    /// log(sigmoid(x)), finite wherever x is.
    public func logSigmoid() -> Tensor { Operators.logSigmoid(.tensor(self)) }

    /// Values limited to a range; nil leaves a side open. Outside it the gradient is 0.
    public func clamped(min: Double? = nil, max: Double? = nil) -> Tensor {
        Operators.clamp(
            .tensor(self), min.map(Argument.double) ?? .none, max.map(Argument.double) ?? .none)
    }

    /// The smaller of each pair; where they are equal each gets half of the gradient.
    public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
        Operators.minimum(.tensor(a), .tensor(b))
    }

    /// The larger of each pair; where they are equal each gets half of the gradient.
    public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
        Operators.maximum(.tensor(a), .tensor(b))
    }

    /// True where a value is neither infinite nor NaN.
    public func isFinite() -> Tensor { Operators.isFinite(.tensor(self)) }

    public func equals(_ other: Tensor) -> Tensor { Operators.equal(.tensor(self), .tensor(other)) }
    public func equals(_ value: Int) -> Tensor { Operators.equalScalar(.tensor(self), .int(value)) }
    public func less(than other: Tensor) -> Tensor { Operators.less(.tensor(self), .tensor(other)) }
    public func less(than value: Double) -> Tensor {
        Operators.lessScalar(.tensor(self), .double(value))
    }
    public func greaterOrEqual(_ other: Tensor) -> Tensor {
        Operators.greaterEqual(.tensor(self), .tensor(other))
    }
    public func not() -> Tensor { Operators.logicalNot(.tensor(self)) }

    /// `value` where `mask` is true, self elsewhere.
    public func maskedFill(_ mask: Tensor, _ value: Double) -> Tensor {
        Operators.maskedFill(.tensor(self), .tensor(mask), .double(value))
    }

    /// self where `mask` is true, `other` elsewhere.
    public func selected(where mask: Tensor, else other: Tensor) -> Tensor {
        Operators.whereSelf(.tensor(mask), .tensor(self), .tensor(other))
    }
}
