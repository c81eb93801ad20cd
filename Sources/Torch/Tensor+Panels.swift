// Weights that lie as products read them: panels of 16 outputs, Sources/CTorch/panels.h.

extension Tensor {
    /// Self [out, in] in panels, [out / 16, words, 16 numbers of each], beside other weights; nil where
    /// no kernel takes it so: on devices, and of sizes that fill no whole panels (16 by 32).
    ///
    /// ``projected(_:bias:)``, ``loraLinear(_:bias:mask:starts:scales:a:b:)``,
    /// ``packAdapters(for:starts:scales:a:b:)`` and ``tokenScores(weight:targets:chunk:scale:)`` take
    /// a weight either way, and give the same bits.
    public func panels() -> Tensor? {
        guard Operators.panelsFit(.tensor(self)).item(Bool.self) else { return nil }
        let perWord = 4 / dtype.byteCount
        let result = Tensor.together([size(0) / 16, size(1) / perWord, 16 * perWord], dtype)
        _ = Operators.panelsPack.all(.tensor(self), .tensor(result))
        return result
    }

    /// Panels as the matrix [out, in] that they hold.
    public func unpackedPanels() -> Tensor { Operators.panelsUnpack(.tensor(self)) }

    /// Rows `ids` [N] of the matrix that panels hold: [N, in].
    public func panelRows(_ ids: Tensor) -> Tensor {
        Operators.panelsRows(.tensor(self), .tensor(ids))
    }
}
