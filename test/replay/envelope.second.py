"""A second implementation of docs/reference/event-format.md, written from that page alone, with nothing but Python's standard library.

Reads golden lines, encodes their inputs, decodes their bytes, opens the boxes, checks commitments and leaves.
Prints what it did as JSON; ends with status 1 and a sentence at the first thing that does not agree.
"""
import base64
import hashlib
import json
import struct
import sys


class Disagreement(Exception):
    pass


def must(condition, sentence):
    if not condition:
        raise Disagreement(sentence)


# Canonical JSON

SHORT = {'"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t'}


def text_of(value):
    value.encode('utf-8')  # A lone surrogate raises here.
    return '"' + ''.join(SHORT.get(c) or ('\\u%04x' % ord(c) if c < ' ' else c) for c in value) + '"'


def number_of(value):
    if isinstance(value, int):
        must(abs(value) <= 2 ** 53 - 1, 'a whole number that is not exact')
        return str(value)
    if value == int(value) if abs(value) < 2 ** 53 else False:
        return str(int(value))
    must(value == value and abs(value) < 2 ** 53, 'a number that cannot be written')
    sign, (mantissa, _, exponent) = ('-' if value < 0 else ''), repr(abs(value)).partition('e')
    whole, _, fraction = mantissa.partition('.')
    fraction = '' if fraction == '0' else fraction
    digits = (whole + fraction).lstrip('0')
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))  # value = 0.digits * 10^point
    digits = digits.rstrip('0')
    if 0 < point <= 21:
        return sign + (digits + '0' * (point - len(digits)) if len(digits) <= point else digits[:point] + '.' + digits[point:])
    if -6 < point <= 0:
        return sign + '0.' + '0' * -point + digits
    power = point - 1
    return sign + digits[0] + ('.' + digits[1:] if len(digits) > 1 else '') + 'e' + ('+' if power > 0 else '-') + str(abs(power))


def canonical(value):
    if value is None or isinstance(value, bool):
        return {None: 'null', True: 'true', False: 'false'}[value]
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, (int, float)):
        return number_of(value)
    if isinstance(value, list):
        return '[' + ','.join(map(canonical, value)) + ']'
    names = sorted(value, key=lambda name: name.encode('utf-16-be'))
    return '{' + ','.join(text_of(name) + ':' + canonical(value[name]) for name in names) + '}'


def without_repeats(pairs):
    must(len({name for name, _ in pairs}) == len(pairs), 'a name stands twice')
    return dict(pairs)


def read(data):
    value = json.loads(data.decode('utf-8'), object_pairs_hook=without_repeats)
    must(canonical(value).encode('utf-8') == data, 'the bytes are not canonical')
    return value


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def unbase64url(text):
    data = base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
    must(base64url(data) == text, 'base64url with loose bits')
    return data


# AES-256-GCM, NIST SP 800-38D

def make_sbox():
    box, p, q = [0] * 256, 1, 1
    while True:
        p = p ^ (p << 1 & 0xff) ^ (0x1b if p & 0x80 else 0)
        for shift in (1, 2, 4):
            q ^= q << shift & 0xff
        q ^= 0x09 if q & 0x80 else 0
        turned = q
        for shift in (1, 2, 3, 4):
            turned ^= (q << shift | q >> (8 - shift)) & 0xff
        box[p] = turned ^ 0x63
        if p == 1:
            box[0] = 0x63
            return box


SBOX = make_sbox()


def double(byte):
    return (byte << 1 & 0xff) ^ (0x1b if byte & 0x80 else 0)


def round_keys(key):
    words, constant = [key[i:i + 4] for i in range(0, 32, 4)], 1
    while len(words) < 60:
        word = words[-1]
        if len(words) % 8 == 0:
            word = bytes(SBOX[b] for b in word[1:] + word[:1])
            word, constant = bytes([word[0] ^ constant]) + word[1:], double(constant)
        elif len(words) % 8 == 4:
            word = bytes(SBOX[b] for b in word)
        words.append(bytes(a ^ b for a, b in zip(words[-8], word)))
    return [b''.join(words[i:i + 4]) for i in range(0, 60, 4)]


def encrypt_block(keys, block):
    state = [a ^ b for a, b in zip(block, keys[0])]
    for index in range(1, 15):
        state = [SBOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if index < 14:
            mixed = []
            for c in range(0, 16, 4):
                a = state[c:c + 4]
                every = a[0] ^ a[1] ^ a[2] ^ a[3]
                mixed += [a[i] ^ every ^ double(a[i] ^ a[(i + 1) % 4]) for i in range(4)]
            state = mixed
        state = [a ^ b for a, b in zip(state, keys[index])]
    return bytes(state)


def multiply(x, y):
    product = 0
    for bit in range(127, -1, -1):
        if y >> bit & 1:
            product ^= x
        x = x >> 1 ^ (0xe1 << 120 if x & 1 else 0)
    return product


def gcm(key, nonce, data, bound, sealing):
    """The transformed data and the tag over the ciphertext."""
    keys = round_keys(key)
    stream = b''.join(encrypt_block(keys, nonce + struct.pack('>I', 2 + i)) for i in range((len(data) + 15) // 16))
    other = bytes(a ^ b for a, b in zip(data, stream))
    ciphertext = other if sealing else data
    padded = b''.join(part + b'\0' * (-len(part) % 16) for part in (bound, ciphertext)) + struct.pack('>QQ', 8 * len(bound), 8 * len(ciphertext))
    h, s = int.from_bytes(encrypt_block(keys, b'\0' * 16), 'big'), 0
    for i in range(0, len(padded), 16):
        s = multiply(s ^ int.from_bytes(padded[i:i + 16], 'big'), h)
    mask = encrypt_block(keys, nonce + struct.pack('>I', 1))
    return other, bytes(a ^ b for a, b in zip(s.to_bytes(16, 'big'), mask))


def opened(key, nonce, sealed, bound):
    plain, tag = gcm(key, nonce, sealed[:-16], bound, sealing=False)
    return plain if tag == sealed[-16:] else None


# The event

def bound_to(event_id, slot):
    return (event_id + '\0' + slot).encode('utf-8')


def commitment(path, salt, value):
    name = path.encode('utf-8')
    return base64url(hashlib.sha256(salt + struct.pack('>I', len(name)) + name + canonical(value).encode('utf-8')).digest())


def personal_paths(event, personal):
    """slot -> path -> value, of an event as its writer had it."""
    slots = {}
    for name, slot in personal.items():
        field = event.get(name, {})
        entries = {name: field} if set(field) in ({'value'}, {'erased'}) else {name + '.' + key: entry for key, entry in field.items()}
        for path, entry in entries.items():
            if 'value' in entry:
                slots.setdefault(slot, {})[path] = entry['value']
    return slots


def sealed_paths(line):
    slots = personal_paths(line['event'], line['definition']['personal'])
    if 'user' in line['context']:
        slots['user'] = {'user': [line['context']['user']['issuer'], line['context']['user']['subject']]}
    return slots


def encode(line):
    event, definition, context, stamp = line['event'], line['definition'], line['context'], line['stamp']
    boxes = {}
    for slot, values in sealed_paths(line).items():
        random = bytes.fromhex(line['random'][slot])
        paths = sorted(values, key=lambda path: path.encode('utf-16-be'))
        salts = {path: random[12 + 16 * i:28 + 16 * i] for i, path in enumerate(paths)}
        inside = canonical({path: {'salt': base64url(salts[path]), 'value': values[path]} for path in paths}).encode('utf-8')
        ciphertext, tag = gcm(bytes.fromhex(line['keys'][slot]['key']), random[:12], inside, bound_to(line['id'], slot), sealing=True)
        boxes[slot] = {'alg': 'A256GCM', 'key': line['keys'][slot]['id'], 'nonce': base64url(random[:12]), 'sealed': base64url(ciphertext + tag),
                       'fields': {path: commitment(path, salts[path], values[path]) for path in paths}}
    envelope = {
        'v': 1, 'id': line['id'], 'type': definition['type'], 'schema': definition['schema'], 'kind': definition['kind'],
        'organisation': context['organisation'], 'stream': stamp['stream'], 'revision': stamp['revision'],
        'command': {'id': context['commandId'], 'name': context['name'], 'step': stamp['step'], 'of': stamp['of']},
        'actor': context['actor'],
        'times': {'occurredAt': context['occurredAt'], 'receivedAt': context['receivedAt'], 'receivedBy': context['receivedBy'], 'recordedAt': stamp['recordedAt']},
        'body': {name: value for name, value in event.items() if name != 'type' and name not in definition['personal']},
        'boxes': boxes,
    }
    if 'fingerprint' in context:
        envelope['command']['fingerprint'] = context['fingerprint']
    envelope.update({name: context[name] for name in ('program', 'policy') if name in context})
    return canonical(envelope).encode('utf-8')


def leaf(envelope, data):
    parts = [envelope['stream'].encode('utf-8'), struct.pack('>Q', envelope['revision']), envelope['id'].encode('utf-8'), envelope['type'].encode('utf-8'), data]
    return hashlib.sha256(b'\0' + b''.join(struct.pack('>I', len(part)) + part for part in parts)).hexdigest()


def check(line, counts):
    data = bytes.fromhex(line['bytes'])
    must(encode(line) == data, 'encoding the inputs gives other bytes')
    envelope = read(data)
    must(leaf(envelope, data) == line['leaf'], 'the leaf differs')
    wanted = sealed_paths(line)
    must(set(envelope['boxes']) == set(wanted), 'other slots')
    for slot, box in envelope['boxes'].items():
        key, nonce, sealed = bytes.fromhex(line['keys'][slot]['key']), unbase64url(box['nonce']), unbase64url(box['sealed'])
        plain = opened(key, nonce, sealed, bound_to(envelope['id'], slot))
        must(plain is not None, 'the box does not open')
        must(opened(key, nonce, sealed, bound_to(envelope['id'], slot + 's')) is None, 'the box opens elsewhere')
        inside = read(plain)
        must({path: field['value'] for path, field in inside.items()} == wanted[slot], 'other values in the box')
        must(set(box['fields']) == set(inside), 'other commitments than fields')
        for path, field in inside.items():
            salt = unbase64url(field['salt'])
            must(len(salt) == 16 and commitment(path, salt, field['value']) == box['fields'][path], 'a commitment does not hold')
            counts['fields'] += 1
        counts['boxes'] += 1
    counts['events'] += 1


def main():
    counts = {'events': 0, 'boxes': 0, 'fields': 0}
    with open(sys.argv[1], encoding='utf-8') as lines:
        for text in lines:
            line = json.loads(text)
            try:
                check(line, counts)
            except (Disagreement, ValueError, KeyError) as problem:
                print('%s: %s' % (line['name'], problem), file=sys.stderr)
                return 1
    print(json.dumps(counts))
    return 0


sys.exit(main())
