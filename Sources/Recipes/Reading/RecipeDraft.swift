/// A recipe of which only what somebody has set is written; all else stays the reader's default.
public struct RecipeDraft<Method: MethodSettings>: Sendable {
    /// With the defaults of what nobody has set.
    public private(set) var recipe = TrainingRecipe<Method>()
    private var names: Set<String> = []

    public init() {}

    /// Sets a property, and has its key written.
    ///
    /// - Parameters:
    ///   - part: where in the recipe the settings are.
    ///   - property: of those settings.
    public mutating func set<Part: DescribedSettings, Value>(
        _ part: WritableKeyPath<TrainingRecipe<Method>, Part>,
        _ property: WritableKeyPath<Part, Value>, to value: Value
    ) {
        recipe[keyPath: part][keyPath: property] = value
        names.insert(Part.key(property))
    }

    /// What has been set as YAML, keys sorted, a key a line; each value is JSON, which YAML
    /// includes.
    ///
    /// - Throws: ``RecipeError`` where a value cannot be encoded.
    public func text() throws(RecipeError) -> String { try RecipeReader.yaml(recipe, only: names) }
}
