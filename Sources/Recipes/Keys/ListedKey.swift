import Records

/// A key with the methods that have it: what documents, help and schemas of recipes are made from.
public struct ListedKey: Sendable, Hashable {
    public let key: KeyDescription
    /// What it is in each of these methods' recipes unless the file says otherwise.
    public private(set) var defaults: [TrainingMethod: JSONValue]

    /// Every key of every method, in the order of the documents; one whose meaning is another in
    /// some method stands there again.
    ///
    /// - Throws: ``RecipeError`` where a recipe cannot be encoded.
    public static func all() throws(RecipeError) -> [ListedKey] {
        var result: [ListedKey] = []
        for method in TrainingMethod.allCases {
            let recipe = method.recipe
            let defaults = try RecipeReader.defaults(of: recipe)
            for key in recipe.descriptions {
                guard let value = defaults[key.name] else { continue }
                if let place = result.firstIndex(where: { $0.key == key }) {
                    result[place].defaults[method] = value
                } else {
                    result.append(ListedKey(key: key, defaults: [method: value]))
                }
            }
        }
        return result
    }
}
