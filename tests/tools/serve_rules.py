# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""serve_rules.py GROUP URI: hold the server at URI to the rules of the remote bus protocol.

GROUP is virtual or real (the server's clock), or rude (clients that misbehave). Every function
named after a rule is one check.
"""
import random
import socket
import sys
import time

import remote_client as rc
from remote_client import (ADDRESS_NACK, DELAY, DONE, HELLO, IN_USE, MAGIC, POWER, REFUSED, RESET,
                           SPEED, TRANSFER, Client)

SELECT_STATE = b'\x82'
IDLE = bytes((0x08, 0, 0, 0))
OPEN_APPLICATION = bytes.fromhex(
    '80 03 0015 00 70 00 0010 D276000004 47656E4175746841 70706C 041A')
OPENED = bytes.fromhex('00 0005 00 00 00 0000 1487')
GUARD_US = 50


def equal(got, want, what=''):
    if got != want:
        raise AssertionError('%s: got %r, want %r' % (what, got, want))


def bits(count, hz=100000):
    """Whole microseconds that count bits take."""
    return count * 1000000 // hz


def wake(bus, addr=0x30):
    """Wait for the chip: until it acknowledges, then the guard time."""
    for _ in range(300):
        status = bus.ask(TRANSFER, addr).status
        bus.delay(1000 if status == ADDRESS_NACK else GUARD_US)
        if not bus.capabilities & 1:
            time.sleep(0.001)
        if status == DONE:
            return
    raise AssertionError('the chip does not wake up')


def cost(bus, *args, **kwargs):
    """Status and time of one request."""
    bus.delay(GUARD_US)
    before = bus.now()
    answer = bus.ask(*args, **kwargs)
    return answer.status, answer.now_us - before


def select_and_read(bus, register, rlen):
    equal(bus.write(bytes((register,))).status, DONE, 'select')
    bus.delay(GUARD_US)
    answer = bus.read(rlen)
    equal(answer.status, DONE, 'read')
    bus.delay(GUARD_US)
    return answer.data


# ---- the virtual clock: everything can be counted ----

def hello_answers_magic_and_capabilities(uri):
    with Client(uri, hello=False) as bus:
        answer = bus.hello()
        equal((answer.status, answer.data), (DONE, MAGIC + b'\x07'))


def hello_answers_five_bytes_whatever_rlen_says(uri):
    with Client(uri, hello=False) as bus:
        for rlen in (0, 1, 5, 6, 65535):
            equal(len(bus.hello(rlen=rlen).data), 5, rlen)


def hello_ignores_its_unused_fields(uri):
    with Client(uri, hello=False) as bus:
        equal(bus.hello(addr=0xFF, arg=0xFFFFFFFF).status, DONE)


def hello_again_changes_nothing(uri):
    with Client(uri) as bus:
        wake(bus)
        bus.write(SELECT_STATE)
        bus.speed(200000)
        before = bus.now()
        equal(bus.hello().status, DONE)
        bus.delay(GUARD_US)
        equal(bus.read(4).data, IDLE)
        equal(bus.now() - before, GUARD_US + bits(1 + 9 * 5 + 1, 200000))


def hello_with_other_data_is_refused_and_closed(uri):
    for data in (b'', b'\x54\x58\x42', b'\x54\x58\x42\x02', MAGIC + b'\x00', b'\x00' * 65535):
        with Client(uri, hello=False) as bus:
            answer = bus.hello(data)
            equal((answer.status, answer.data), (REFUSED, b''), data[:5])
            equal(bus.at_end(), True, 'closed')


def other_hello_later_is_refused_and_closed_too(uri):
    with Client(uri) as bus:
        equal(bus.hello(b'\x54\x58\x42\x02').status, REFUSED)
        equal(bus.at_end(), True, 'closed')


def every_other_first_request_is_refused_and_closed(uri):
    for op in (0, TRANSFER, DELAY, SPEED, RESET, POWER, 7, 255):
        for data in (b'', b'\x82' * 300):
            with Client(uri, hello=False) as bus:
                answer = bus.ask(op, 0x30, 1, data, 4)
                equal((answer.status, answer.data), (REFUSED, b''), op)
                equal(bus.at_end(), True, 'closed')


def nothing_before_hello_has_an_effect(uri):
    with Client(uri) as bus:
        before = bus.now()
    with Client(uri, hello=False) as bus:
        bus.delay(1000000)
    with Client(uri) as bus:
        equal(bus.now(), before)


def unknown_op_is_refused_and_the_connection_stays(uri):
    with Client(uri) as bus:
        for op in (0, 7, 128, 255):
            answer = bus.ask(op, 0, 0, b'\x01' * 1000, 1000)
            equal((answer.status, answer.data), (REFUSED, b''), op)
        equal(bus.ask(DELAY).status, DONE)


def all_data_is_taken_before_a_refusal(uri):
    with Client(uri) as bus:
        for op, addr, arg in ((99, 0, 0), (TRANSFER, 0x80, 0), (SPEED, 0, 0), (RESET, 0, 2)):
            equal(bus.ask(op, addr, arg, bytes(65535), 65535).status, REFUSED, op)
            equal(bus.ask(DELAY).status, DONE, 'in step')


def data_of_other_requests_is_ignored(uri):
    with Client(uri) as bus:
        for op, arg in ((DELAY, 0), (SPEED, 100000), (RESET, 1), (POWER, 1)):
            answer = bus.ask(op, 0xFF, arg, b'\x00' * 17, 9)
            equal((answer.status, answer.data), (DONE, b''), op)


def address_above_7f_is_refused(uri):
    with Client(uri) as bus:
        for addr in (0x80, 0xB0, 0xFF):
            equal(cost(bus, TRANSFER, addr, data=b'\x82'), (REFUSED, 0), addr)
        equal(bus.ask(TRANSFER, 0x7F).status, ADDRESS_NACK)


def reserved_byte_is_zero(uri):
    with Client(uri, hello=False) as bus:
        bus.send(rc.request(HELLO, data=MAGIC))
        equal(bus.take(17)[1], 0)


def transfer_write_costs_its_bits(uri):
    with Client(uri) as bus:
        wake(bus)
        equal(cost(bus, TRANSFER, 0x30, data=b'\x82'), (DONE, bits(1 + 9 + 9 + 1)))
        equal(cost(bus, TRANSFER, 0x30, data=b'\x82' + bytes(29)), (DONE, bits(1 + 9 * 31 + 1)))


def transfer_read_costs_its_bits(uri):
    with Client(uri) as bus:
        wake(bus)
        bus.write(SELECT_STATE)
        equal(cost(bus, TRANSFER, 0x30, rlen=4), (DONE, bits(1 + 9 + 9 * 4 + 1)))


def transfer_of_nothing_is_an_address(uri):
    with Client(uri) as bus:
        wake(bus)
        equal(cost(bus, TRANSFER, 0x30), (DONE, bits(1 + 9 + 1)))


def transfer_not_acknowledged_costs_its_address(uri):
    with Client(uri) as bus:
        equal(cost(bus, TRANSFER, 0x31, data=bytes(100)), (ADDRESS_NACK, bits(11)))
        equal(cost(bus, TRANSFER, 0x31, rlen=100), (ADDRESS_NACK, bits(11)))


def transfer_not_acknowledged_answers_no_data(uri):
    with Client(uri) as bus:
        equal(bus.read(65535, addr=0x31).data, b'')


def transfer_carries_65535_bytes_each_way(uri):
    with Client(uri) as bus:
        wake(bus)
        bus.write(SELECT_STATE)
        bus.delay(GUARD_US)
        answer = bus.read(65535)
        equal((answer.status, len(answer.data)), (DONE, 65535))
        equal((answer.data[:4], set(answer.data[4:])), (IDLE, {0xFF}))
        wake(bus)
        # I2C_STATE is read only: acknowledged and ignored.
        equal(cost(bus, TRANSFER, 0x30, data=b'\x82' + bytes(65534)),
              (DONE, bits(1 + 9 + 9 * 65535 + 1)))
        wake(bus)
        equal(select_and_read(bus, 0x82, 4), IDLE)


def speed_scales_the_cost(uri):
    with Client(uri) as bus:
        wake(bus)
        for hz in (100000, 400000):
            equal(bus.speed(hz).status, DONE)
            equal(cost(bus, TRANSFER, 0x30, data=SELECT_STATE), (DONE, bits(20, hz)), hz)
            equal(cost(bus, TRANSFER, 0x30, rlen=100), (DONE, bits(1 + 9 * 101 + 1, hz)), hz)
        bus.delay(GUARD_US)
        equal(bus.write(b'\x89\x00\x04').status, DONE, 'Fm+, volatile')
        bus.speed(1000000)
        equal(cost(bus, TRANSFER, 0x30, data=SELECT_STATE), (DONE, 20))
        equal(cost(bus, TRANSFER, 0x30, rlen=100), (DONE, 1 + 9 * 101 + 1))
        bus.delay(GUARD_US)
        equal(bus.write(b'\x89\x00\x03').status, DONE, 'as shipped')


def clock_counts_below_microseconds(uri):
    with Client(uri) as bus:
        bus.speed(3400000)
        before = bus.now()
        for _ in range(1000):
            bus.ask(TRANSFER, 0x31)
        spent = bus.now() - before
        equal(3234 <= spent <= 3236, True, '11000 bits at 3.4 MHz took %d us' % spent)


def speed_has_its_range(uri):
    with Client(uri) as bus:
        for hz in (0, 3400001, 0xFFFFFFFF):
            equal(bus.speed(hz).status, REFUSED, hz)
        bus.speed(200000)
        bus.speed(0)
        equal(cost(bus, TRANSFER, 0x31), (ADDRESS_NACK, bits(11, 200000)), 'kept')
        for hz in (1, 3400000):
            equal(bus.speed(hz).status, DONE, hz)


def speed_starts_at_100_khz_with_every_connection(uri):
    with Client(uri) as bus:
        bus.speed(400000)
    with Client(uri) as bus:
        equal(cost(bus, TRANSFER, 0x31), (ADDRESS_NACK, bits(11)))


def too_fast_is_not_acknowledged(uri):
    with Client(uri) as bus:
        wake(bus)
        bus.speed(400001)
        equal(bus.write(SELECT_STATE).status, ADDRESS_NACK)
        bus.speed(400000)
        wake(bus)


def delay_advances_exactly(uri):
    with Client(uri) as bus:
        for us in (0, 1, 999, 1000000, 0xFFFFFFFF):
            before = bus.now()
            equal(bus.delay(us).now_us - before, us)


def delay_0_reads_the_clock(uri):
    with Client(uri) as bus:
        before = bus.now()
        time.sleep(0.02)
        equal([bus.now() for _ in range(5)], [before] * 5)


def clock_does_not_move_between_requests_and_clients(uri):
    with Client(uri) as bus:
        before = bus.now()
    time.sleep(0.02)
    with Client(uri, hello=False) as bus:
        equal(bus.hello().now_us, before)
        bus.speed(400000)
        bus.ask(RESET, arg=0)
        bus.ask(RESET, arg=1)
        bus.ask(POWER, arg=1)
        equal(bus.now(), before)


def repeated_start_writes_and_is_not_acknowledged(uri):
    with Client(uri) as bus:
        wake(bus)
        equal(select_and_read(bus, 0x81, 2), b'\x01\x15')
        equal(cost(bus, TRANSFER, 0x30, data=SELECT_STATE, rlen=4),
              (ADDRESS_NACK, bits(1 + 9 + 9 + 1 + 9 + 1)))
        bus.delay(GUARD_US)
        wake(bus)
        equal(bus.read(4).data, IDLE, 'the register was selected')


def repeated_start_answers_no_data(uri):
    with Client(uri) as bus:
        wake(bus)
        answer = bus.ask(TRANSFER, 0x30, data=SELECT_STATE, rlen=100)
        equal((answer.status, answer.data), (ADDRESS_NACK, b''))


def reset_and_power_have_two_levels(uri):
    with Client(uri) as bus:
        for op in (RESET, POWER):
            for arg in (2, 256, 0x80000000, 0xFFFFFFFF):
                equal(bus.ask(op, arg=arg).status, REFUSED, (op, arg))
            equal(bus.ask(op, arg=0).status, DONE)
            equal(bus.ask(op, arg=1).status, DONE)


def line_low_is_not_acknowledged_and_start_up_takes_time(uri):
    for op in (RESET, POWER):
        with Client(uri) as bus:
            wake(bus)
            bus.ask(op, arg=0)
            bus.delay(2000)
            equal(bus.ask(TRANSFER, 0x30).status, ADDRESS_NACK, op)
            bus.delay(100000)
            equal(bus.ask(TRANSFER, 0x30).status, ADDRESS_NACK, op)
            bus.ask(op, arg=1)
            bus.delay(5000)
            equal(bus.ask(TRANSFER, 0x30).status, ADDRESS_NACK, 'starting')
            bus.delay(10000)
            equal(bus.ask(TRANSFER, 0x30).status, DONE, 'started')


def end_of_connection_releases_the_lines(uri):
    for op in (RESET, POWER):
        with Client(uri) as bus:
            bus.ask(op, arg=0)
        with Client(uri) as bus:
            wake(bus)


def end_of_connection_keeps_the_chip(uri):
    with Client(uri) as bus:
        bus.ask(RESET, arg=0)
        bus.delay(1000)
        bus.ask(RESET, arg=1)
        bus.delay(15000)
        wake(bus)
        equal(bus.write(OPEN_APPLICATION).status, DONE)
        before = bus.now()
    with Client(uri) as bus:
        equal(bus.now(), before)
        bus.delay(200000)
        wake(bus)
        state = select_and_read(bus, 0x82, 4)
        if state[3] == 5:  # the chip's acknowledgement first
            select_and_read(bus, 0x80, 5)
            state = select_and_read(bus, 0x82, 4)
        equal(state, b'\x48\x00\x00\x0a', 'unfetched answer')
    with Client(uri) as bus:
        wake(bus)
        data = select_and_read(bus, 0x80, 10)
        equal(data[3:8], OPENED[3:8], 'the answer')


def request_cut_off_is_not_executed(uri):
    with Client(uri) as bus:
        wake(bus)
        equal(select_and_read(bus, 0x81, 2), b'\x01\x15')
        before = bus.now()
        bus.send(rc.request(TRANSFER, 0x30, data=SELECT_STATE + bytes(20))[:-1])
    with Client(uri) as bus:
        equal(bus.now(), before)
        wake(bus)
        equal(bus.read(2).data, b'\x01\x15', 'the register still selected')
        before = bus.now()
        bus.send(rc.request(DELAY, arg=1000000)[:9])
    with Client(uri) as bus:
        equal(bus.now(), before)


def request_in_pieces_is_one_request(uri):
    with Client(uri, hello=False) as bus:
        for byte in rc.request(HELLO, data=MAGIC):
            bus.send(bytes((byte,)))
            time.sleep(0.001)
        equal(bus.response().status, DONE)


def complete_request_before_a_half_close_is_answered(uri):
    with Client(uri, hello=False) as bus:
        bus.send(rc.request(HELLO, data=MAGIC) + rc.request(DELAY, arg=7))
        bus.sock.shutdown(socket.SHUT_WR)
        first = bus.response()
        equal((bus.response().now_us - first.now_us, bus.at_end()), (7, True))


def second_client_is_turned_away(uri):
    with Client(uri) as bus:
        before = bus.now()
        with Client(uri, hello=False) as other:
            answer = other.hello()
            equal((answer.status, answer.data), (IN_USE, b''))
            equal(other.at_end(), True, 'closed')
        equal(bus.delay(3).now_us - before, 3, 'the first goes on')
    with Client(uri):
        pass


def second_client_that_is_wrong_is_refused(uri):
    with Client(uri) as bus:
        with Client(uri, hello=False) as other:
            equal(other.hello(b'nope').status, REFUSED)
            equal(other.at_end(), True)
        with Client(uri, hello=False) as other:
            equal(other.delay(5).status, REFUSED)
            equal(other.at_end(), True)
        equal(bus.ask(DELAY).status, DONE)


def silent_client_does_not_hold_the_chip(uri):
    with Client(uri, hello=False) as silent:
        with Client(uri) as bus:
            equal(bus.ask(DELAY).status, DONE)
            equal(silent.hello().status, IN_USE)


def next_client_is_welcome_at_once(uri):
    for _ in range(200):
        bus = Client(uri)
        bus.send(rc.request(DELAY, arg=1))  # and leaves without waiting for the answer
        bus.close()


# ---- the real clock ----

def real_clock_is_announced(uri):
    with Client(uri) as bus:
        equal(bus.capabilities, 6)


def real_clock_runs_by_itself(uri):
    with Client(uri) as bus:
        start, before = time.monotonic(), bus.now()
        time.sleep(0.2)
        after, end = bus.now(), time.monotonic()
        equal(199000 <= after - before <= (end - start) * 1e6 + 1000, True, after - before)


def real_delay_returns_at_once(uri):
    with Client(uri) as bus:
        start = time.monotonic()
        for us in (1000000, 0xFFFFFFFF):
            before = bus.now()
            equal(bus.delay(us).now_us - before < 500000, True, us)
        equal(time.monotonic() - start < 1, True, 'took too long')


def real_transfer_takes_its_wire_time(uri):
    with Client(uri) as bus:
        for hz, addr in ((1000, 0x31), (100, 0x31), (20000, 0x30)):
            bus.speed(hz)
            start = time.monotonic()
            answer = bus.ask(TRANSFER, addr, rlen=100)
            spent = time.monotonic() - start
            want = (11 if answer.status == ADDRESS_NACK else 11 + 900) / hz
            equal(want <= spent < want + 1, True, '%d Hz took %f s' % (hz, spent))


def real_clock_never_goes_back(uri):
    last = 0
    for _ in range(5):
        with Client(uri) as bus:
            for _ in range(50):
                now = bus.ask(TRANSFER, 0x31).now_us
                equal(now >= last, True, (last, now))
                last = now


def real_transfer_on_the_wire_does_not_stop_others(uri):
    with Client(uri) as bus:
        bus.speed(20)
        bus.send(rc.request(TRANSFER, 0x31))  # 550 ms
        start = time.monotonic()
        with Client(uri, hello=False) as other:
            equal(other.hello().status, IN_USE)
        equal(time.monotonic() - start < 0.4, True, 'turned away late')
        equal(bus.response().status, ADDRESS_NACK)
        equal(time.monotonic() - start > 0.4, True, 'answered early')


def real_transfer_of_a_dead_client_is_not_waited_for(uri):
    with Client(uri) as bus:
        bus.speed(1)
        bus.send(rc.request(TRANSFER, 0x31, data=bytes(65535)))
        time.sleep(0.05)
    start = time.monotonic()
    with Client(uri) as bus:
        equal(bus.ask(TRANSFER, 0x31).status, ADDRESS_NACK)
    equal(time.monotonic() - start < 2, True, 'waited for the dead')


def real_chip_works_on_without_a_client(uri):
    with Client(uri) as bus:
        bus.ask(RESET, arg=0)
        time.sleep(0.001)
        bus.ask(RESET, arg=1)
        time.sleep(0.015)
        wake(bus)
        equal(bus.write(OPEN_APPLICATION).status, DONE)
    time.sleep(0.2)
    with Client(uri) as bus:
        wake(bus)
        equal(select_and_read(bus, 0x82, 4)[0] & 0x40, 0x40, 'an answer is ready')


# ---- clients that misbehave ----

def rude_noise_is_survived(uri):
    noise = random.Random(1)
    for _ in range(200):
        with Client(uri, hello=False) as bus:
            if noise.random() < 0.5:
                bus.send(rc.request(HELLO, data=MAGIC))
            try:
                bus.send(noise.randbytes(noise.randrange(1, 3000)))
            except (BrokenPipeError, ConnectionResetError):
                pass


def rude_requests_at_random_are_survived(uri):
    noise = random.Random(2)
    with Client(uri) as bus:
        for _ in range(500):
            op = noise.choice((0, 2, 2, 2, 2, 3, 4, 5, 6, 7))
            addr = noise.choice((0, 0x30, 0x30, 0x30, 0x31, 0xFF))
            arg = noise.choice((0, 1, 2, 400000) if op != SPEED else (0, 100000, 400000))
            data = noise.randbytes(noise.choice((0, 1, 2, 5, 10, 300)))
            rlen = noise.choice((0, 0, 1, 4, 277))
            bus.ask(op, addr, arg, data, rlen)


def rude_crowd_of_silent_clients_is_survived(uri):
    with Client(uri) as bus:
        crowd = [Client(uri, hello=False) for _ in range(100)]
        equal(bus.ask(DELAY).status, DONE, 'the first goes on')
        for other in crowd:
            other.close()


def rude_client_that_never_reads_is_survived(uri):
    lazy = Client(uri)
    lazy.sock.settimeout(1)
    lazy.speed(3400000)
    try:
        for _ in range(2000):
            lazy.send(rc.request(TRANSFER, 0x31, rlen=65535))
    except TimeoutError:
        pass
    with Client(uri, hello=False) as other:
        equal(other.hello().status, IN_USE)
    lazy.close()
    for _ in range(100):
        with Client(uri, hello=False) as other:
            if other.hello().status == DONE:
                return
        time.sleep(0.05)
    raise AssertionError('the server keeps the dead client')


def rude_half_requests_are_survived(uri):
    for length in range(1, 14):
        with Client(uri, hello=False) as bus:
            bus.send(rc.request(HELLO, data=MAGIC)[:length])
    with Client(uri, hello=False) as bus:
        bus.send(rc.request(99, data=bytes(65535))[:60000])
        with Client(uri) as other:
            equal(other.ask(DELAY).status, DONE)


def rude_refused_client_that_talks_on_gets_its_answer(uri):
    with Client(uri, hello=False) as bus:
        bus.send(rc.request(DELAY) + bytes(100000))
        time.sleep(0.05)
        equal(bus.response().status, REFUSED)


def rude_clock_cannot_be_run_over(uri):
    """Last: a million such requests would; a few thousand must add up exactly."""
    with Client(uri) as bus:
        before = bus.now()
        for _ in range(2000):
            bus.delay(0xFFFFFFFF)
        if bus.capabilities & 1:
            equal(bus.now() - before, 2000 * 0xFFFFFFFF)


def main():
    group, uri = sys.argv[1:3]
    others = ('real_', 'rude_')
    checks = [(name, check) for name, check in globals().items()
              if callable(check) and check.__module__ == '__main__' and '_' in name
              and name not in ('select_and_read',)
              and (name.startswith(group + '_') or
                   (group == 'virtual' and not name.startswith(others)))]
    for name, check in checks:
        print('  ' + name, flush=True)
        check(uri)
    print('%d rules hold' % len(checks))


if __name__ == '__main__':
    main()
