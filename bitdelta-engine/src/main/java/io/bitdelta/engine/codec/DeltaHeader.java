package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Keccak256;
import io.bitdelta.engine.tensor.CanonicalJson;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.SafetensorsWriter;
import io.bitdelta.engine.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The header of a delta file. It has one encoding: the same header is always the same bytes.
 *
 * @param metadata the facts about the delta
 * @param layout the changed tensors, in name order
 * @param entries the stored tensors, in file order, contiguous from offset 0
 */
public record DeltaHeader(DeltaMetadata metadata, List<LayoutEntry> layout, List<Entry> entries) {
    /** The longest header that may be written or read. */
    public static final int MAX_BYTES = 16 << 20;

    /** The metadata key of a packed file, and the name of its one entry. */
    static final String PACKED = "packed";

    /** Copies both lists. */
    public DeltaHeader {
        layout = List.copyOf(layout);
        entries = List.copyOf(entries);
    }

    /**
     * A changed tensor together with what its layout object does not say.
     *
     * @param entry the layout object
     * @param scaleType F32, F16, or in a packed file U8
     * @param abstain whether abstentions are stored beside the signs
     */
    public record Planned(LayoutEntry entry, Dtype scaleType, boolean abstain) {
        /** Checks the element type of the scales. */
        public Planned {
            if (!ScaleCodec.knows(scaleType)) {
                throw new IllegalArgumentException("scales are F32, F16 or U8, not " + scaleType);
            }
        }
    }

    /**
     * Places the entries of the planned tensors: by element width descending, then by name.
     *
     * @throws EntryNameClashException if two entries get the same name
     * @throws IllegalArgumentException if a packed file would have scales of several types, or a plain one scales of a byte
     */
    public static DeltaHeader place(DeltaMetadata metadata, List<Planned> planned) {
        List<Planned> inOrder = new ArrayList<>(planned);
        inOrder.sort(Comparator.comparing(p -> p.entry().name(), Checkpoint.NAME_ORDER));
        Map<String, Entry> byName = new HashMap<>();
        for (Planned tensor : inOrder) {
            checkScales(metadata, tensor);
            for (Entry entry : entriesOf(tensor)) {
                if (byName.put(entry.name(), entry) != null || entry.name().equals("__metadata__")) {
                    throw new EntryNameClashException(entry.name());
                }
            }
        }
        return new DeltaHeader(
                metadata,
                inOrder.stream().map(Planned::entry).toList(),
                SafetensorsWriter.place(List.copyOf(byName.values())));
    }

    private static void checkScales(DeltaMetadata metadata, Planned tensor) {
        if (tensor.entry() instanceof LayoutEntry.Full || tensor.entry() instanceof LayoutEntry.Core) {
            return;
        }
        Dtype allowed = metadata.packing().orElse(tensor.scaleType() == Dtype.U8 ? Dtype.F32 : tensor.scaleType());
        if (tensor.scaleType() != allowed) {
            throw new IllegalArgumentException("%s: its scales are %s, those of this file %s"
                    .formatted(tensor.entry().name(), tensor.scaleType(), allowed));
        }
    }

    /** The unplaced entries of one tensor: begin 0, end = size. */
    private static List<Entry> entriesOf(Planned tensor) {
        List<Entry> entries = new ArrayList<>();
        switch (tensor.entry()) {
            case LayoutEntry.Full full ->
                entries.add(SafetensorsWriter.unplaced(full.name(), full.dtype(), full.shape()));
            case LayoutEntry.Sign sign -> {
                addPlanes(entries, sign, tensor.scaleType());
                if (tensor.abstain()) {
                    entries.add(SafetensorsWriter.unplaced(sign.abstainName(), Dtype.U8, planeShape(sign)));
                }
            }
            case LayoutEntry.LowRank lowRank -> {
                addPlanes(entries, lowRank.a(), tensor.scaleType());
                addPlanes(entries, lowRank.b(), tensor.scaleType());
            }
            case LayoutEntry.Core core ->
                entries.add(SafetensorsWriter.unplaced(
                        core.coreName(), CoreCodes.dtype(core.bits()), CoreCodes.shape(core.rank(), core.bits())));
        }
        return entries;
    }

    private static void addPlanes(List<Entry> entries, LayoutEntry.Sign sign, Dtype scaleType) {
        for (int plane = 0; plane < sign.bits(); plane++) {
            entries.add(SafetensorsWriter.unplaced(sign.signName(plane), Dtype.U8, planeShape(sign)));
            entries.add(SafetensorsWriter.unplaced(sign.scaleName(plane), scaleType, sign.scaleShape()));
        }
    }

    private static Shape planeShape(LayoutEntry.Sign sign) {
        return Shape.of(sign.shape().rows(), sign.rowBytes());
    }

    /** The bytes of the data section. */
    public long dataBytes() {
        return entries.isEmpty() ? 0 : entries.getLast().end();
    }

    /** The layout's sign objects, in order: the tensors that votes and leaves are about. */
    public List<LayoutEntry.Sign> signs() {
        return layout.stream()
                .filter(LayoutEntry.Sign.class::isInstance)
                .map(LayoutEntry.Sign.class::cast)
                .toList();
    }

    /** {@code H(JSON array of the "sign" objects of layout)} (FORMATS section 4). */
    public Hash32 layoutHash() {
        return Keccak256.hash(layoutJson(signs()).getBytes(StandardCharsets.UTF_8));
    }

    private static String layoutJson(List<? extends LayoutEntry> entries) {
        return CanonicalJson.of(entries.stream().map(LayoutEntry::json).toList());
    }

    /** The length prefix and the padded header text: everything before the data. */
    public byte[] encode() {
        byte[] encoded = SafetensorsWriter.header(
                metadataMap(), metadata.packing().isPresent() ? List.of(packedEntry()) : entries);
        if (encoded.length - Long.BYTES > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the header would have " + (encoded.length - Long.BYTES) + " bytes, allowed are " + MAX_BYTES);
        }
        return encoded;
    }

    /** What a packed file shows of its entries: their bytes as one. */
    private Entry packedEntry() {
        return SafetensorsWriter.unplaced(PACKED, Dtype.U8, Shape.of(dataBytes()));
    }

    private Map<String, String> metadataMap() {
        Map<String, String> map = new TreeMap<>();
        map.put("format", "bitdelta");
        map.put("version", "1");
        map.put("base_hash", metadata.baseHash().hex());
        map.put("zero", "ge");
        map.put("scales", metadata.scales().text());
        map.put("clip_sigma", metadata.clipSigma().orElse("none"));
        map.put("domain", metadata.domain());
        map.put("layout", layoutJson(layout));
        metadata.packing().ifPresent(type -> map.put(PACKED, type.name()));
        return map;
    }
}
