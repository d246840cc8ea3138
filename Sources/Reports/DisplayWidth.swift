/// Columns that a text takes in a terminal: two for each wide East Asian character or emoji, none for a combining mark.
package func displayWidth(_ text: String) -> Int {
    text.reduce(0) { width, character in width + (character.unicodeScalars.map(scalarWidth).max() ?? 0) }
}

/// A text filled with blanks to `width` terminal columns, or cut to it with `…` (`~` in ASCII) at its end.
package func fitted(_ text: String, width: Int, alignment: Alignment, asciiOnly: Bool) -> String {
    var shown = text
    if displayWidth(text) > width {
        shown = ""
        var used = 0
        for character in text {
            let next = used + displayWidth(String(character))
            if next > width - 1 { break }
            shown.append(character)
            used = next
        }
        if width > 0 { shown.append(asciiOnly ? "~" : "…") }
    }
    let blanks = String(repeating: " ", count: max(0, width - displayWidth(shown)))
    return alignment == .left ? shown + blanks : blanks + shown
}

/// The side of its column that a text keeps to.
package enum Alignment: Sendable {
    /// Words.
    case left
    /// Numbers.
    case right
}

/// Columns for one scalar by East Asian Width (Unicode Standard Annex 11, classes W and F; ambiguous ones are narrow).
private func scalarWidth(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x300: return 1
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18AFF,
        0x1B000...0x1B2FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF,
        0x20000...0x3FFFD:
        return 2
    default:
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }
}
