package io.bitdelta.engine.kernel;

import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.ROR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * SHA-256 with lane j of every vector belonging to message j: the scalar function with a vector for each word. One
 * message's rounds wait for each other, those of 16 messages do not, and that is worth a factor of four where the machine
 * has no instruction for SHA-256. Not thread-safe.
 *
 * <p>Words are transposed by scalar stores into the schedule, which stays in the first-level cache; shuffles between
 * vectors were no faster. Three small methods, because the compiler gives up on one large one.
 */
final class VectorSha256 implements Sha256Kernel {
    private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int ROUNDS = 64;
    private static final int MESSAGE_WORDS = 16;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int[] K = {
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2
    };

    private final int[] schedule = new int[ROUNDS * LANES];

    VectorSha256() {}

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void compress(int[] state, byte[][] data, int blocks) {
        for (int block = 0; block < blocks; block++) {
            for (int lane = 0; lane < LANES; lane++) {
                load(data[lane], block * BLOCK, lane, schedule);
            }
            extend(schedule);
            rounds(state, schedule);
        }
    }

    private static void load(byte[] from, int at, int lane, int[] schedule) {
        for (int word = 0; word < MESSAGE_WORDS; word++) {
            schedule[word * LANES + lane] = (int) INT.get(from, at + word * Integer.BYTES);
        }
    }

    private static IntVector word(int[] words, int index) {
        return IntVector.fromArray(SPECIES, words, index * LANES);
    }

    private static void extend(int[] w) {
        for (int t = MESSAGE_WORDS; t < ROUNDS; t++) {
            IntVector x = word(w, t - 15);
            IntVector y = word(w, t - 2);
            IntVector s0 = x.lanewise(ROR, 7).lanewise(XOR, x.lanewise(ROR, 18)).lanewise(XOR, x.lanewise(LSHR, 3));
            IntVector s1 =
                    y.lanewise(ROR, 17).lanewise(XOR, y.lanewise(ROR, 19)).lanewise(XOR, y.lanewise(LSHR, 10));
            s0.add(s1).add(word(w, t - 7)).add(word(w, t - 16)).intoArray(w, t * LANES);
        }
    }

    private static void rounds(int[] state, int[] w) {
        IntVector a = word(state, 0);
        IntVector b = word(state, 1);
        IntVector c = word(state, 2);
        IntVector d = word(state, 3);
        IntVector e = word(state, 4);
        IntVector f = word(state, 5);
        IntVector g = word(state, 6);
        IntVector h = word(state, 7);
        for (int t = 0; t < ROUNDS; t++) {
            IntVector s1 = e.lanewise(ROR, 6).lanewise(XOR, e.lanewise(ROR, 11)).lanewise(XOR, e.lanewise(ROR, 25));
            IntVector choice = e.and(f.lanewise(XOR, g)).lanewise(XOR, g);
            IntVector first = h.add(s1).add(choice).add(word(w, t)).add(K[t]);
            IntVector s0 = a.lanewise(ROR, 2).lanewise(XOR, a.lanewise(ROR, 13)).lanewise(XOR, a.lanewise(ROR, 22));
            IntVector majority = a.and(b).lanewise(OR, c.and(a.lanewise(OR, b)));
            h = g;
            g = f;
            f = e;
            e = d.add(first);
            d = c;
            c = b;
            b = a;
            a = first.add(s0).add(majority);
        }
        add(a, state, 0);
        add(b, state, 1);
        add(c, state, 2);
        add(d, state, 3);
        add(e, state, 4);
        add(f, state, 5);
        add(g, state, 6);
        add(h, state, 7);
    }

    private static void add(IntVector value, int[] state, int index) {
        word(state, index).add(value).intoArray(state, index * LANES);
    }
}
