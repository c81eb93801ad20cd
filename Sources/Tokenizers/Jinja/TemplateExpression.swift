/// An expression of a template.
struct TemplateExpression: Sendable {
    indirect enum Kind: Sendable {
        case none
        case bool(Bool)
        case integer(Int)
        case float(Double)
        case string(String)
        case name(String)
        case list([TemplateExpression])
        case dictionary([(key: TemplateExpression, value: TemplateExpression)])
        case member(TemplateExpression, String)
        case element(TemplateExpression, TemplateExpression)
        case slice(TemplateExpression, TemplateSlice)
        case negate(TemplateExpression)
        case not(TemplateExpression)
        case and(TemplateExpression, TemplateExpression)
        case or(TemplateExpression, TemplateExpression)
        case arithmetic(Arithmetic, TemplateExpression, TemplateExpression)
        case comparison(TemplateExpression, [(Comparison, TemplateExpression)])
        case choice(
            test: TemplateExpression,
            then: TemplateExpression,
            otherwise: TemplateExpression?
        )
        case filter(TemplateExpression, String, TemplateArguments)
        case test(TemplateExpression, String, TemplateArguments)
        case call(TemplateExpression, TemplateArguments)
    }

    enum Arithmetic: String, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case floorDivide = "//"
        case remainder = "%"
        case concatenate = "~"
    }

    enum Comparison: String, Sendable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case contained = "in"
        case notContained = "not in"
    }

    let kind: Kind
    let line: Int
    /// The levels below this one; bounds every recursion over the tree.
    let depth: Int
}

/// The bounds `start:stop:step`.
struct TemplateSlice: Sendable {
    var start: TemplateExpression?
    var stop: TemplateExpression?
    var step: TemplateExpression?

    var parts: [TemplateExpression] { [start, stop, step].compactMap { $0 } }
}

/// The arguments of a call, a filter or a test.
struct TemplateArguments: Sendable {
    var positional: [TemplateExpression] = []
    var named: [(name: String, value: TemplateExpression)] = []

    var parts: [TemplateExpression] { positional + named.map(\.value) }
}
