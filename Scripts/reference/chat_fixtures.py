"""Conversations through chat templates, as transformers renders them."""

import json
import os

import jinja2
from gguf import GGUFReader
from transformers.utils.chat_template_utils import _compile_jinja_template, render_jinja_template

CONVERSATIONS = {
    "question": [("user", "What is BP?")],
    "answered": [("user", "Hi"), ("assistant", "Hello!\nHow are you?")],
    "system": [("system", "Be brief."), ("user", " Hi "), ("assistant", "Yes."), ("user", "Why?"),
               ("assistant", "Because 1 < 2 & \"so\".")],
}

# Written for these tests in the manner of what the field uses; none is anyone's own template.
TEMPLATES = {
    "chatml": """{%- for message in messages %}
    {{- '<|im_start|>' + message.role + '\\n' + message.content | trim + '<|im_end|>\\n' -}}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
""",
    "headers": """{{- bos_token }}
{%- if messages[0].role == 'system' %}
    {%- set system = messages[0]['content'] | trim %}
    {%- set messages = messages[1:] %}
{%- else %}{% set system = '' %}{% endif %}
{%- if system or tools is not none %}<|start_header_id|>system<|end_header_id|>

{{ system }}
{%- if tools is not none %}{% for tool in tools %}

{{ tool | tojson(indent=4) }}
{%- endfor %}{% endif %}<|eot_id|>{% endif %}
{%- for message in messages %}
    {%- if not (message.role in ['user', 'assistant']) %}{{ raise_exception('Unknown role ' ~ message.role) }}{% endif %}
    {{- '<|start_header_id|>' ~ message['role'] ~ '<|end_header_id|>\\n\\n' ~ message['content'] | trim ~ '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}""",
    "alternating": """{%- set ns = namespace(turn=0, last='') -%}
{%- if messages[0]['role'] == 'system' -%}
  {%- set loop_messages = messages[1:] -%}{%- set system = messages[0]['content'] + '\\n\\n' -%}
{%- else -%}{%- set loop_messages = messages -%}{%- set system = '' -%}{%- endif -%}
{{ bos_token }}{% for message in loop_messages %}
{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}
{%- if message['role'] == 'user' %}[INST] {{ (system if loop.first else '') + message['content'] }} [/INST]
{%- else %} {{ message['content'].strip() }}{{ eos_token }}{% set ns.turn = ns.turn + 1 %}{% endif %}
{%- set ns.last = message.role %}
{%- endfor %}""",
    "markers": """{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>\\n' + message['content'] + eos_token }}
{% else %}
{{ '<|assistant|>\\n' }}{% generation %}{{ message['content'] + eos_token }}{% endgeneration %}

{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}""",
    "thinking": """{%- macro turn(role, text, mark='<|im_end|>') -%}
<|im_start|>{{ role }}
{{ text }}{{ mark }}
{% endmacro -%}
{%- for message in messages[::-1] -%}{%- if message.role == 'user' and last is not defined -%}
{%- set last = loop.revindex0 -%}{%- endif -%}{%- endfor -%}
{%- for message in messages -%}
  {%- if message.role == 'assistant' and '</think>' in message.content -%}
    {%- set parts = message.content.split('</think>') -%}
    {{- turn(message.role, parts[-1].lstrip('\\n')) -}}
  {%- else -%}{{- turn(message.role, message.content) -}}{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}
{%- if enable_thinking is defined and enable_thinking is false -%}{{- '<think>\\n\\n</think>\\n\\n' -}}{%- endif -%}
{%- endif -%}""",
}

# One expression or construct each; the context is CONTEXT.
PIECES = [
    "{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 + 3 * 4 - 1 }} {{ 1.5 + 1 }} {{ -2 }} {{ 1.0 }}",
    "{{ 'a' ~ 1 ~ none ~ true }} {{ 'ab' * 3 }} {{ [1, 2] + [3] }} {{ 'x' 'y' }}",
    "{{ 1 < 2 < 3 }} {{ 1 == 1.0 }} {{ 'a' < 'b' }} {{ 2 in [1, 2] }} {{ 'b' not in 'abc' }} {{ 'k' in d }}",
    "{{ not false and 1 or 0 }} {{ '' or 'x' }} {{ 0 and 1 }} {{ 'y' if n > 1 else 'z' }}{{ 'no' if false }}",
    "{{ l[0] }} {{ l[-1] }} {{ l[1:] }} {{ l[::-1] }} {{ l[:2] }} {{ l[::2] }} {{ l[5:] }} {{ s[1:4] }} {{ s[-1] }} {{ l[-9:9] }}",
    "{{ d.k }} {{ d['k'] }} {{ d.none }} {{ d.get('k') }} {{ d.get('q', 4) }} {{ d.items() | list | tojson }} {{ d.keys() | list }} {{ d.values() | list }}",
    "{{ missing }}|{{ missing is defined }}|{{ d.q is defined }}|{{ missing | default('x') }}|{{ '' | default('y', true) }}|{{ missing is none }}",
    "{{ s | upper }} {{ s | lower }} {{ s | title }} {{ s | capitalize }} {{ s | length }} {{ s | trim }}|{{ s.strip() }}|{{ s.lstrip() }}|{{ s.rstrip('! ') }}|{{ 'xxaxx'.strip('x') }}",
    "{{ s.split() }} {{ 'a,b,,c'.split(',') }} {{ 'a,b,c'.split(',', 1) }} {{ s.replace('é', 'e') }} {{ 'aaa' | replace('a', 'b', 2) }}",
    "{{ s.startswith(' H') }} {{ s.endswith('! ') }} {{ 'abc'.find('c') }} {{ '-'.join(['a', 'b']) }} {{ 'ab'.title() }}",
    "{{ l | join(', ') }} {{ l | first }} {{ l | last }} {{ l | reverse | list }} {{ l | map('string') | list }} {{ people | map(attribute='name') | join('+') }}",
    "{{ people | selectattr('age', 'gt', 40) | map(attribute='name') | list }} {{ people | rejectattr('age', 'equalto', 41) | list | length }} {{ people | selectattr('name') | list | length }} {{ l | select('odd') | list }} {{ l | reject('even') | list }}",
    "{{ d | tojson }} {{ people | tojson(indent=2) }} {{ s | tojson }} {{ [true, none, 1.5, 'a\\n\"b'] | tojson }} {{ [] | tojson(indent=2) }}",
    "{{ '12' | int }} {{ 'x' | int(5) }} {{ '1.5' | float }} {{ 3.9 | int }} {{ -3 | abs }} {{ 3 | string }} {{ d | items | list | tojson }}",
    "{{ l is iterable }} {{ d is mapping }} {{ s is string }} {{ n is number }} {{ none is none }} {{ true is true }} {{ l is sequence }} {{ 4 is divisibleby 2 }} {{ n is odd }} {{ n is not even }} {{ 1 is integer }} {{ 1.0 is float }} {{ true is boolean }} {{ n is equalto 3 }} {{ n is in l }}",
    "{% for x in l %}{{ loop.index }}/{{ loop.index0 }}/{{ loop.revindex }}/{{ loop.length }}{{ 'F' if loop.first }}{{ 'L' if loop.last }}{{ loop.previtem }}:{{ loop.nextitem }} {% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for x in [] %}x{% else %}empty{% endfor %}",
    "{% for x in l if x > 1 %}{{ loop.index }}:{{ x }} {% else %}none{% endfor %}{% for x in range(3) %}{{ x }}{% endfor %}{{ range(5, 0, -2) | list }}",
    "{% for x in l %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 3 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% set a = 1 %}{% for x in l %}{% set a = a + x %}{{ a }} {% endfor %}{{ a }}{% set n2 = namespace(v=0) %}{% for x in l %}{% set n2.v = n2.v + x %}{% endfor %}{{ n2.v }}",
    "{% set b %}x{{ n }}y{% endset %}[{{ b }}]{% set p, q = 1, 'z' %}{{ q }}{{ p }}{% set t = (1, 2) %}{{ t[1] }}",
    "{% macro m(a, b='d') %}<{{ a }}{{ b }}{{ n }}>{% endmacro %}{{ m(1) }}{{ m('x', b='y') }}{{ m(b=2, a=3) | upper }}",
    "a  {%- if true -%}  b  {%- endif -%}  c {# comment #} d {#- x -#} e\n  {% if true %}\n  f\n  {% endif %}\n  g  {%+ if true %}\n h{% endif +%}\nz\n",
    "  {% if true %}x{% endif %}\n{{ 'y' }}\n\n  {# c #}\n z{{- ' w ' -}}\n v{% raw %}{{ r }}{% endraw %}\n\n",
    "{{ \"it's\" }} {{ 'q\"q' }} {{ '\\u00e9\\t\\\\n' }} {{ ['it\\'s', 'a', none, true, 1.5, {'k': 'v'}] }} {{ {} }} {{ {'a': {'b': 1}}.a.b }}",
    "{{ dict(a=1).a }} {{ 5 | string ~ '!' }} {{ (1, 'a') | length }} {{ 'a\\nb' | indent(2) }} {{ 'abc' | list }} {{ 'abc' | reverse }}",
    "{{ 1 if l else 2 }} {{ l | length > 2 and s is string }} {{ not missing }} {{ not l is string }} {{ -n | abs }} {{ 'a' in ['a'] and 'b' not in ['a'] }}",
    "{{ 'e\u0301' == '\u00e9' }} {{ 'e\u0301' | length }} {{ 'a\\r\\nb'.split('\\n') | tojson }} {{ 'e\u0301x'.startswith('e') }} {{ '👩‍⚕️' | length }}",
]

CONTEXT = {"n": 3, "l": [1, 2, 3, 4], "s": " Héllo, World! ", "d": {"k": "v", "none": None},
           "people": [{"age": 41, "name": "Ann"}, {"age": 39, "name": "Bob"}, {"age": 55, "name": "Cid"}]}

TOOLS = [{"function": {"description": "Finds", "name": "find"}, "type": "function"}]
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>"}


def found_templates(data, model):
    """The templates of the shared data and of the model; they stay out of the fixtures."""
    result = {}
    for name in ("qwen2.5-vl", "llava-1.5-7b-hf"):
        with open(os.path.join(data, "tokenizers", name, "chat_template.json"), encoding="utf-8") as file:
            result[name] = json.load(file)["chat_template"]
    result["smollm2"] = GGUFReader(model).fields["tokenizer.chat_template"].contents()
    return result


def messages(turns, parts=False):
    return [{"role": role, "content": [{"type": "image"}, {"text": text, "type": "text"}] if parts else text}
            for role, text in turns]


def render(template, context):
    """The text and the marked spans in code points; the error where the template refuses."""
    context = dict(context)
    conversation = context.pop("messages", [])
    prompt = context.pop("add_generation_prompt", False)
    tools = context.pop("tools", None)
    marked = "{% generation" in template
    try:
        texts, spans = render_jinja_template(
            conversations=[conversation], tools=tools, chat_template=template,
            return_assistant_tokens_mask=marked, add_generation_prompt=prompt, **context)
    except jinja2.exceptions.TemplateError:
        return {"error": True}
    return {"text": texts[0], **({"generated": spans[0]} if marked else {})}


def chat_cases(data, model):
    """Cases: the template (its name, where it is not ours), the context and what comes out."""
    cases = []

    def add(name, template, context, own=True):
        cases.append({"name": name, **({"template": template} if own else {}), "context": context,
                      **render(template, context)})

    for name, turns in CONVERSATIONS.items():
        for prompt in (False, True):
            base = {"messages": messages(turns), "add_generation_prompt": prompt}
            for key, template in TEMPLATES.items():
                extra = [{}]
                if key == "headers":
                    extra.append({"tools": TOOLS})
                if key == "thinking":
                    extra.append({"enable_thinking": False})
                for more in extra:
                    add(f"{key} {name}", template, {**base, **SPECIAL, **more})
            for key, template in found_templates(data, model).items():
                context = {**base, "messages": messages(turns, parts=key.startswith("llava"))}
                add(f"{key} {name}", template, context, own=False)
                if key.startswith("qwen"):
                    add(f"{key} {name} parts", template,
                        {**context, "messages": messages(turns, parts=True), "add_vision_id": True}, own=False)
    for index, piece in enumerate(PIECES):
        add(f"piece {index}", piece, CONTEXT)
    for index, context in enumerate([
            {"messages": messages([("robot", "x")])}, {"messages": messages([("assistant", "x")])}]):
        add(f"refused {index}", TEMPLATES["headers" if index == 0 else "alternating"], {**context, **SPECIAL})
    return cases
