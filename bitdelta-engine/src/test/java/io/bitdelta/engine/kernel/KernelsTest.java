package io.bitdelta.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.engine.commit.Keccak256;
import io.bitdelta.engine.tensor.Dtype;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector kernels give the bits of the scalar ones, at every width that the machine has. */
class KernelsTest {
    private static final int[] COUNTS = {1, 3, 8, 15, 16, 17, 63, 64, 65, 128, 200, 1000, 4095, 4096};

    private static final Set<String> COPIED =
            Set.of(VectorKernels.class.getName(), ScalarKernels.class.getName(), ElementCodec.class.getName());

    private final ScalarKernels scalar = new ScalarKernels();

    /** A copy of the class of its own, with the package's classes it uses, whose constants see another width. */
    private static WeightKernels atWidth(int bits) throws ReflectiveOperationException {
        String name = VectorKernels.class.getName();
        ClassLoader loader = new ClassLoader(KernelsTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
                Class<?> known = findLoadedClass(wanted);
                if (known != null || !COPIED.contains(wanted.replaceFirst("\\$.*", ""))) {
                    return known != null ? known : super.loadClass(wanted, resolve);
                }
                try (InputStream in = Objects.requireNonNull(
                        KernelsTest.class.getResourceAsStream("/" + wanted.replace('.', '/') + ".class"))) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(wanted, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(wanted, e);
                }
            }
        };
        String before = System.getProperty("bitdelta.vectorBits");
        System.setProperty("bitdelta.vectorBits", String.valueOf(bits));
        try {
            Constructor<?> constructor = loader.loadClass(name).getDeclaredConstructor();
            constructor.setAccessible(true);
            return (WeightKernels) constructor.newInstance();
        } finally {
            if (before == null) {
                System.clearProperty("bitdelta.vectorBits");
            } else {
                System.setProperty("bitdelta.vectorBits", before);
            }
        }
    }

    private static MemorySegment random(Arena arena, Dtype type, int count, Random random) {
        MemorySegment segment = arena.allocate((long) count * type.width() + 64, 64);
        for (int i = 0; i < count; i++) {
            float value =
                    switch (random.nextInt(8)) {
                        case 0 -> 0f;
                        case 1 -> -0f;
                        case 2 -> Float.MIN_VALUE * random.nextInt(5);
                        case 3 -> 0.5f;
                        default -> (float) random.nextGaussian();
                    };
            ElementCodec.write(type, segment, (long) i * type.width(), value);
        }
        return segment;
    }

    /** Runs an operation with both kernels on copies of the same memory and compares all of it. */
    private static void same(String what, MemorySegment[] outputs, Runnable reference, Runnable candidate) {
        byte[][] start = bytes(outputs);
        reference.run();
        byte[][] expected = bytes(outputs);
        for (int i = 0; i < outputs.length; i++) {
            MemorySegment.copy(start[i], 0, outputs[i], ValueLayout.JAVA_BYTE, 0, start[i].length);
        }
        candidate.run();
        byte[][] found = bytes(outputs);
        for (int i = 0; i < outputs.length; i++) {
            assertThat(Arrays.mismatch(expected[i], found[i]))
                    .as(what + " output " + i)
                    .isEqualTo(-1);
        }
    }

    private static byte[][] bytes(MemorySegment[] segments) {
        return Arrays.stream(segments)
                .map(segment -> segment.toArray(ValueLayout.JAVA_BYTE))
                .toArray(byte[][]::new);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void everyLoopGivesTheScalarBits(int bits) throws ReflectiveOperationException {
        WeightKernels vector = atWidth(bits);
        assertThat(vector.name()).isEqualTo("vector" + bits);
        Random random = new Random(bits);
        for (Dtype type : new Dtype[] {Dtype.BF16, Dtype.F32, Dtype.F16, Dtype.F64, Dtype.F8_E4M3, Dtype.F8_E5M2}) {
            for (int count : COUNTS) {
                try (Arena arena = Arena.ofConfined()) {
                    compare(vector, type, count, random, arena);
                }
            }
        }
    }

    private void compare(WeightKernels vector, Dtype type, int count, Random random, Arena arena) {
        MemorySegment base = random(arena, type, count, random);
        MemorySegment finetuned = random(arena, type, count, random);
        MemorySegment tile = random(arena, Dtype.F32, count, random);
        MemorySegment lanes = arena.allocate(64, 64);
        MemorySegment squares = arena.allocate(64, 64);
        MemorySegment signs = arena.allocate(count / 8 + 16, 64);
        MemorySegment scales = random(arena, Dtype.F32, count, random);
        MemorySegment target = arena.allocate((long) count * type.width() + 64, 64);
        String what = type + " x " + count;
        MemorySegment[] tiles = {tile};
        if (type != Dtype.F64) {
            same(
                    "compress " + what,
                    new MemorySegment[] {lanes, squares, signs},
                    () -> scalar.compress(type, base, 0, finetuned, 0, count, signs, 0, lanes, squares),
                    () -> vector.compress(type, base, 0, finetuned, 0, count, signs, 0, lanes, squares));
        }
        same(
                "delta " + what,
                tiles,
                () -> scalar.delta(type, base, 0, type, finetuned, 0, count, tile),
                () -> vector.delta(type, base, 0, type, finetuned, 0, count, tile));
        same(
                "signs " + what,
                new MemorySegment[] {signs},
                () -> scalar.signs(tile, count, signs, 0),
                () -> vector.signs(tile, count, signs, 0));
        for (int phase : new int[] {0, 5}) {
            int from = Math.min(3, count - 1);
            int left = count - from;
            same(
                    "sums " + what,
                    new MemorySegment[] {lanes, squares},
                    () -> {
                        scalar.addAbs(tile, from, left, phase, lanes);
                        scalar.add(tile, from, left, phase, lanes);
                        scalar.addSquares(tile, from, left, phase, 0.25f, squares);
                    },
                    () -> {
                        vector.addAbs(tile, from, left, phase, lanes);
                        vector.add(tile, from, left, phase, lanes);
                        vector.addSquares(tile, from, left, phase, 0.25f, squares);
                    });
            same(
                    "signs applied " + what,
                    tiles,
                    () -> scalar.applySigns(tile, from, left, signs, phase, 0.1f),
                    () -> vector.applySigns(tile, from, left, signs, phase, 0.1f));
        }
        same(
                "columns " + what,
                new MemorySegment[] {scales, tile},
                () -> {
                    scalar.addAbsColumns(tile, count, scales, 0);
                    scalar.residualColumns(tile, count, scales, 0);
                    scalar.applySignsColumns(tile, count, signs, 0, scales, 0);
                },
                () -> {
                    vector.addAbsColumns(tile, count, scales, 0);
                    vector.residualColumns(tile, count, scales, 0);
                    vector.applySignsColumns(tile, count, signs, 0, scales, 0);
                });
        same(
                "residual " + what,
                tiles,
                () -> {
                    scalar.residual(tile, 0, count, 0.3f);
                    scalar.clamp(tile, 0, count, -0.4f, 0.5f);
                },
                () -> {
                    vector.residual(tile, 0, count, 0.3f);
                    vector.clamp(tile, 0, count, -0.4f, 0.5f);
                });
        same(
                "widen, narrow, apply " + what,
                new MemorySegment[] {tile, target},
                () -> {
                    scalar.widen(type, base, 0, count, tile);
                    scalar.narrow(type, tile, count, target, 0);
                    scalar.apply(type, base, 0, count, signs, 0, 0.01f, target, 0);
                },
                () -> {
                    vector.widen(type, base, 0, count, tile);
                    vector.narrow(type, tile, count, target, 0);
                    vector.apply(type, base, 0, count, signs, 0, 0.01f, target, 0);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 135, 136, 137, 192, 271, 272, 1024})
    void manyHashesAtATimeAreTheHashesOneByOne(int length) {
        KeccakKernel kernel = new VectorKeccak();
        Random random = new Random(length);
        int stride = length + 7;
        byte[] messages = new byte[stride * kernel.lanes() + 8];
        random.nextBytes(messages);
        byte[] hashes = new byte[32 * kernel.lanes()];
        kernel.hash(messages, length, stride, hashes);
        for (int lane = 0; lane < kernel.lanes(); lane++) {
            byte[] message = Arrays.copyOfRange(messages, lane * stride, lane * stride + length);
            assertThat(Arrays.copyOfRange(hashes, lane * 32, lane * 32 + 32))
                    .isEqualTo(Keccak256.hash(message).bytes());
        }
    }
}
