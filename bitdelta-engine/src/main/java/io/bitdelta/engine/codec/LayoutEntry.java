package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.util.Map;

/** One changed tensor, as the layout of a delta file lists it (FORMATS section 3). */
public sealed interface LayoutEntry {
    /** The tensor's name in the base. */
    String name();

    /** The layout object: its keys and values. */
    Map<String, Object> json();

    /**
     * Signs and scales.
     *
     * @param name the base's tensor
     * @param dtype the base's element type
     * @param shape its shape
     * @param granularity which weights share a scale
     * @param bits planes, 1 to 4
     */
    record Sign(String name, Dtype dtype, Shape shape, Granularity granularity, int bits) implements LayoutEntry {
        /** The most planes that a tensor may have. */
        public static final int MAX_BITS = 4;

        /** Checks the planes and the element type. */
        public Sign {
            if (bits < 1 || bits > MAX_BITS) {
                throw new IllegalArgumentException(name + ": bits must be 1 to 4, not " + bits);
            }
            if (!dtype.floating()) {
                throw new IllegalArgumentException(name + ": " + dtype + " has no signs to keep");
            }
        }

        @Override
        public Map<String, Object> json() {
            return Map.of(
                    "bits",
                    bits,
                    "dtype",
                    dtype.name(),
                    "granularity",
                    granularity.toString(),
                    "kind",
                    "sign",
                    "name",
                    name,
                    "shape",
                    shape.dims());
        }

        /** Bytes of one packed row. */
        public long rowBytes() {
            return (shape.columns() + 7) >> 3;
        }

        /** Bytes of one plane. */
        public long planeBytes() {
            return shape.rows() * rowBytes();
        }

        /** Scales of one plane. */
        public long scaleCount() {
            return granularity.scales(shape.rows(), shape.columns());
        }

        /** The name of a plane's entry. */
        public String signName(int plane) {
            return name + ".sign" + suffix(plane);
        }

        /** The name of a plane's scales. */
        public String scaleName(int plane) {
            return name + ".scale" + suffix(plane);
        }

        /** The name of the abstentions of a certified soup. */
        public String abstainName() {
            return name + ".abstain";
        }

        /** The shape of the scale entry. */
        public Shape scaleShape() {
            return granularity.kind() == Granularity.Kind.GROUP
                    ? Shape.of(shape.rows(), granularity.groupsPerRow(shape.columns()))
                    : Shape.of(scaleCount());
        }

        private static String suffix(int plane) {
            return plane == 0 ? "" : "." + plane;
        }
    }

    /**
     * The fine-tune's tensor as it is.
     *
     * @param name the base's tensor, or a new one
     * @param dtype the fine-tune's element type
     * @param shape the fine-tune's shape
     */
    record Full(String name, Dtype dtype, Shape shape) implements LayoutEntry {
        @Override
        public Map<String, Object> json() {
            return Map.of("dtype", dtype.name(), "kind", "full", "name", name, "shape", shape.dims());
        }
    }

    /**
     * A low-rank change: {@code b . a} with quantised factors.
     *
     * @param name the base's tensor
     * @param shape its shape
     * @param rank columns of b, rows of a
     * @param bits planes of each factor, 1 to 4
     */
    record LowRank(String name, Shape shape, long rank, int bits) implements LayoutEntry {
        /** Checks rank and planes. */
        public LowRank {
            if (bits < 1 || bits > Sign.MAX_BITS) {
                throw new IllegalArgumentException(name + ": bits must be 1 to 4, not " + bits);
            }
            if (rank < 1 || rank > Math.min(shape.rows(), shape.columns())) {
                throw new IllegalArgumentException(name + ": rank " + rank + " does not suit shape " + shape);
            }
        }

        @Override
        public Map<String, Object> json() {
            return Map.of("bits", bits, "kind", "lowrank", "name", name, "rank", rank, "shape", shape.dims());
        }

        /** The factor a, [rank, columns], as planes with row scales. */
        public Sign a() {
            return new Sign(name + ".a", Dtype.F32, Shape.of(rank, shape.columns()), Granularity.ROW, bits);
        }

        /** The factor b, [rows, rank], as planes with row scales; alpha / rank is in its scales. */
        public Sign b() {
            return new Sign(name + ".b", Dtype.F32, Shape.of(shape.rows(), rank), Granularity.ROW, bits);
        }
    }

    /**
     * A small square core between frozen directions of the base (tier P).
     *
     * @param name the base's tensor
     * @param shape its shape
     * @param rank of the core
     * @param bits per number of the core: 1 to 8, or 16
     * @param basis recipe and hash of the directions, {@link CoreBasis#id()}
     */
    record Core(String name, Shape shape, int rank, int bits, String basis) implements LayoutEntry {
        private static final String BASIS = "svd1:0x[0-9a-f]{16}";

        /** Checks rank, bits and the basis' name. */
        public Core {
            if (!CoreCodes.known(bits)) {
                throw new IllegalArgumentException(name + ": a core's bits are 1 to 8, or 16, not " + bits);
            }
            if (shape.rank() != 2
                    || rank < 1
                    || rank > Math.min(CoreBasis.MAX_RANK, Math.min(shape.rows(), shape.columns()))) {
                throw new IllegalArgumentException(name + ": a core of rank " + rank + " does not suit shape " + shape);
            }
            if (!basis.matches(BASIS)) {
                throw new IllegalArgumentException(name + ": the basis \"" + basis + "\" does not match " + BASIS);
            }
        }

        @Override
        public Map<String, Object> json() {
            return Map.of(
                    "basis", basis, "bits", bits, "kind", "core", "name", name, "rank", rank, "shape", shape.dims());
        }

        /** The name of its entry. */
        public String coreName() {
            return name + ".core";
        }
    }
}
