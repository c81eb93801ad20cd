import Records

/// `tokenizer_config.json`.
struct TokenizerConfigurationFile {
    let tokenizer: Tokenizer
    let imageToken: ImageToken?

    var value: JSONValue {
        var members: [String: JSONValue] = [
            "added_tokens_decoder": .object(addedTokens),
            "clean_up_tokenization_spaces": .bool(false),
            "tokenizer_class": .string("PreTrainedTokenizerFast"),
        ]
        let roles = [
            "bos_token": tokenizer.bosID, "eos_token": tokenizer.eosID,
            "pad_token": tokenizer.padID, "unk_token": tokenizer.unkID,
        ]
        for (role, id) in roles {
            members[role] = id.flatMap(tokenizer.token(for:)).map { .string($0) } ?? .null
        }
        members["add_bos_token"] = .bool(isPrefixed(tokenizer.prefix, by: tokenizer.bosID))
        members["add_eos_token"] = .bool(isPrefixed(tokenizer.suffix, by: tokenizer.eosID))
        members["chat_template"] = tokenizer.chatTemplate.map { .string($0.source) }
        if let imageToken {
            members["image_token"] = .string(imageToken.text)
            members["extra_special_tokens"] = .object([
                "image_token": .string(imageToken.text)
            ])
        }
        return .object(members)
    }

    private var addedTokens: [String: JSONValue] {
        let described = tokenizer.added.all.map { token in
            (String(token.id), JSONValue.object(token.members))
        }
        return Dictionary(described) { first, _ in first }
    }

    private func isPrefixed(_ ids: [Int], by id: Int?) -> Bool {
        id != nil && ids == [id].compactMap { $0 }
    }
}

extension AddedToken {
    /// As `added_tokens_decoder` describes it, and `added_tokens` with its id besides.
    var members: [String: JSONValue] {
        [
            "content": .string(text), "lstrip": .bool(stripsLeft), "rstrip": .bool(stripsRight),
            "single_word": .bool(isSingleWord), "normalized": .bool(isNormalized),
            "special": .bool(isSpecial),
        ]
    }
}
