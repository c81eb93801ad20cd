import Records
import Testing
import Tokenizers

/// A template cannot hang the program, fill its memory or run over its stack.
struct HostileTemplateTests {
    private static func many(_ part: String, _ count: Int) -> String {
        String(repeating: part, count: count)
    }

    /// A value that is made from itself over and over, and written at the end.
    private static func grown(_ first: String, _ times: Int, _ step: String) -> String {
        "{% set n = namespace(s=\(first)) %}{% for i in range(\(times)) %}{% set n.s = \(step) %}"
            + "{% endfor %}{{ n.s }}"
    }

    @Test(arguments: [
        many("{% if true %}", 10_000),
        "{{ \(many("(", 100_000)) }}",
        "{{ \(many("[", 100_000)) }}",
        "{{ \(many("- ", 100_000))1 }}",
        "{{ \(many("not ", 100_000))1 }}",
        "{{ 1\(many(" + 1", 100_000)) }}",
        "{{ a\(many(".b", 100_000)) }}",
        "{{ a\(many(" | trim", 100_000)) }}",
        "{{ \(many("1 if 1 else ", 100_000))1 }}",
        "{{ a\(many(" if a", 100_000)) }}",
        "{{ a\(many(" is defined", 100_000)) }}",
        "{{ a\(many("()", 100_000)) }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ range(1000000000) | list }}",
        "{{ 'a' * 9000000000 }}", "{{ 'aaaa' * 4611686018427387904 }}",
        grown("'ab'", 99, "n.s ~ n.s"),
        grown("[1]", 99, "n.s + n.s"),
        grown("[1]", 99, "[n.s, n.s]"),
        grown("1", 9_999, "[n.s]"),
        grown("1", 999, "{'a': n.s}"),
        "{% set n = namespace() %}{% set n.n = n %}{{ n }}",
        "{% set n = namespace() %}{% set n.n = [n] %}{{ n }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(x) %}{{ m(x + 1) }}{{ m(x + 1) }}{% endmacro %}{{ m(0) }}",
        grown("'a'", 40, "n.s | replace('a', 'aaaaaaaaaa')"),
        "{% set x = 'a' * 9999999 %}{% for i in range(99999) %}{{ x }}{% endfor %}",
        "{% set x = 'a' * 9999999 %}{% for i in range(99999) %}{% set y = 'b' in x %}{% endfor %}",
        "{{ range(-9223372036854775807, 9223372036854775807) }}",
        "{% set x = [1] %}{{ x[9223372036854775807] }}{{ x[::-9223372036854775807 - 1] }}",
        grown("'a'", 23, "n.s ~ n.s") + "{{ (n.s[:9] ~ 'b') * 9 in n.s }}{{ missing.x }}",
        "{% set x = 'a' * 9999999 %}{{ ('a' * 4999999 ~ 'b') in x }}{{ missing.x }}",
        "{% set x = 'a' * 9999999 %}{{ x.split('a' * 4999999 ~ 'b') }}{{ missing.x }}",
        "{{ ('a' * 5000000) | list | length }}",
        "{{ [1][::-9223372036854775807] }}{{ [1][::9223372036854775807] }}"
            + "{{ range(1, 9, 9223372036854775807) | list }}{{ missing.x }}",
        "{{ (-9223372036854775807 - 1) // -1 }}", "{{ '%' * 5 | tojson(indent=99999999) }}",
    ])
    func endsWithAnError(source: String) {
        #expect(throws: TemplateError.self) {
            try ChatTemplate(source: source, name: "hostile").render(context: [:])
        }
    }

    /// Truncated anywhere, a template is rendered or refused.
    @Test func everyPrefixOfATemplateIsHandled() throws {
        let source = #"""
            {%- set ns = namespace(a=[1, 'x\n']) -%}{# c #}{% for m in messages if m.role != 'x' %}
            {{- loop.index0 ~ m['content'][1:-1] | trim }}{% raw %}{{ {% endraw %}
            {% elif m is defined %}{% endfor %}{% macro f(a, b=2) %}{{ {'a': a}.a }}{% endmacro %}
            """#
        for length in 0...source.utf8.count {
            let prefix = String(decoding: source.utf8.prefix(length), as: UTF8.self)
            let template = try? ChatTemplate(source: prefix, name: "prefix")
            _ = try? template?.render(context: ["messages": .array([])])
        }
    }
}
