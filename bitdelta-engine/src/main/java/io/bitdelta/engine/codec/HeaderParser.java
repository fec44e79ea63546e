package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsFile;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a delta file's header and holds it to its one encoding: what was read is encoded again and must be the same
 * bytes, so that key order, white space, padding and the order of the entries need no checks of their own.
 */
final class HeaderParser {
    private static final Set<String> METADATA_KEYS =
            Set.of("format", "version", "base_hash", "zero", "scales", "clip_sigma", "domain", "layout");

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(4)
                            .maxNumberLength(20)
                            .maxNameLength(32)
                            .maxStringLength(1 << 16)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final Map<String, Entry> stored = new HashMap<>();

    private HeaderParser(Path file, List<Entry> entries) {
        this.file = file;
        entries.forEach(entry -> stored.put(entry.name(), entry));
    }

    /** The header of a mapped file, checked against its data section's size. */
    static DeltaHeader parse(SafetensorsFile mapped) {
        return new HeaderParser(mapped.path(), mapped.header().entries()).header(mapped);
    }

    private DeltaHeader header(SafetensorsFile mapped) {
        Map<String, String> texts = mapped.header().metadata();
        if (!"bitdelta".equals(texts.get("format"))) {
            throw bad("its metadata has no format \"bitdelta\"; is it a checkpoint?");
        }
        if (!"1".equals(texts.get("version"))) {
            throw bad("version " + texts.get("version") + " is not known, this program reads version 1");
        }
        Set<String> keys = new HashSet<>(texts.keySet());
        keys.remove(DeltaHeader.PACKED);
        if (!keys.equals(METADATA_KEYS)) {
            throw bad("its metadata keys are " + texts.keySet() + ", not " + METADATA_KEYS);
        }
        if (!"ge".equals(texts.get("zero"))) {
            throw bad("the rule for zero is \"" + texts.get("zero") + "\", known is \"ge\"");
        }
        DeltaMetadata metadata = metadata(texts);
        List<LayoutEntry> layout = layout(text(texts, "layout"));
        boolean soup = metadata.scales() == DeltaMetadata.ScaleOrigin.VOTE;
        List<DeltaHeader.Planned> planned = new ArrayList<>();
        for (LayoutEntry entry : layout) {
            planned.add(planned(entry, soup, metadata.packing()));
        }
        if (soup) {
            checkSoup(planned);
        }
        DeltaHeader header;
        try {
            header = DeltaHeader.place(metadata, planned);
        } catch (ArithmeticException | EntryNameClashException | IllegalArgumentException e) {
            throw new MalformedDeltaException(file, String.valueOf(e.getMessage()), e);
        }
        // A packed file's entries follow from its layout; the one that it shows is compared below with all other bytes.
        for (Entry entry : metadata.packing().isPresent() ? List.<Entry>of() : header.entries()) {
            Entry found = stored.get(entry.name());
            if (!entry.equals(found)) {
                throw bad("entry " + entry.name() + " is " + found + " but the layout asks for " + entry);
            }
        }
        byte[] encoded;
        try {
            encoded = header.encode();
        } catch (IllegalArgumentException e) {
            throw new MalformedDeltaException(file, String.valueOf(e.getMessage()), e);
        }
        MemorySegment prefix =
                mapped.whole().asSlice(0, Long.BYTES + mapped.headerBytes().byteSize());
        long difference = prefix.mismatch(MemorySegment.ofArray(encoded));
        if (difference >= 0) {
            throw bad("the header is not in canonical form at byte " + difference);
        }
        if (header.dataBytes() != mapped.data().byteSize()) {
            throw bad("%d bytes of data are described, %d are there"
                    .formatted(header.dataBytes(), mapped.data().byteSize()));
        }
        return header;
    }

    private DeltaMetadata metadata(Map<String, String> texts) {
        String scales = text(texts, "scales");
        String clip = text(texts, "clip_sigma");
        Optional<String> packed = Optional.ofNullable(texts.get(DeltaHeader.PACKED));
        try {
            return new DeltaMetadata(
                    Hash32.ofHex(text(texts, "base_hash")),
                    DeltaMetadata.ScaleOrigin.parse(scales)
                            .orElseThrow(() -> bad("scales \"" + scales + "\" are not known")),
                    clip.equals("none") ? Optional.empty() : Optional.of(clip),
                    text(texts, "domain"),
                    packed.map(type -> Dtype.named(type)
                            .orElseThrow(() -> bad("packed scales of the type \"" + type + "\" are not known"))));
        } catch (IllegalArgumentException e) {
            throw new MalformedDeltaException(file, String.valueOf(e.getMessage()), e);
        }
    }

    private String text(Map<String, String> texts, String key) {
        String text = texts.get(key);
        if (text == null) {
            throw bad("its metadata has no \"" + key + "\"");
        }
        return text;
    }

    private List<LayoutEntry> layout(String json) {
        JsonNode array;
        try {
            array = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new MalformedDeltaException(file, "the layout is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!array.isArray()) {
            throw bad("the layout is not an array");
        }
        List<LayoutEntry> layout = new ArrayList<>(array.size());
        for (JsonNode object : array) {
            LayoutEntry entry = entry(object);
            if (!layout.isEmpty()
                    && Checkpoint.NAME_ORDER.compare(layout.getLast().name(), entry.name()) >= 0) {
                throw bad("the layout is not in name order at " + entry.name());
            }
            layout.add(entry);
        }
        return layout;
    }

    private LayoutEntry entry(JsonNode object) {
        String kind = object.path("kind").asString("");
        String name = object.path("name").asString("");
        try {
            return switch (kind) {
                case "sign" ->
                    new LayoutEntry.Sign(
                            name,
                            dtype(object, name),
                            shape(object, name),
                            Granularity.parse(object.path("granularity").asString(""))
                                    .orElseThrow(() -> bad("tensor " + name + " has an unknown granularity")),
                            integer(object.path("bits"), name));
                case "full" -> new LayoutEntry.Full(name, dtype(object, name), shape(object, name));
                case "lowrank" ->
                    new LayoutEntry.LowRank(
                            name,
                            shape(object, name),
                            integer(object.path("rank"), name),
                            integer(object.path("bits"), name));
                case "core" ->
                    new LayoutEntry.Core(
                            name,
                            shape(object, name),
                            integer(object.path("rank"), name),
                            integer(object.path("bits"), name),
                            object.path("basis").asString(""));
                default -> throw bad("tensor " + name + " has the unknown kind \"" + kind + "\"");
            };
        } catch (IllegalArgumentException e) {
            throw new MalformedDeltaException(file, "layout of " + name + ": " + e.getMessage(), e);
        }
    }

    private Dtype dtype(JsonNode object, String name) {
        String text = object.path("dtype").asString("");
        return Dtype.named(text).orElseThrow(() -> bad("tensor " + name + " has the unknown dtype \"" + text + "\""));
    }

    private Shape shape(JsonNode object, String name) {
        JsonNode dims = object.path("shape");
        if (!dims.isArray() || dims.size() > Shape.MAX_RANK) {
            throw bad("tensor " + name + " has no shape of at most " + Shape.MAX_RANK + " dimensions");
        }
        List<Long> list = new ArrayList<>(dims.size());
        for (JsonNode dim : dims) {
            if (!dim.isIntegralNumber() || !dim.canConvertToLong()) {
                throw bad("tensor " + name + " has the dimension " + dim);
            }
            list.add(dim.longValue());
        }
        return new Shape(list);
    }

    private int integer(JsonNode number, String name) {
        if (!number.isIntegralNumber() || !number.canConvertToInt()) {
            throw bad("tensor " + name + " has " + number + " where a small integer belongs");
        }
        return number.intValue();
    }

    private void checkSoup(List<DeltaHeader.Planned> planned) {
        for (DeltaHeader.Planned tensor : planned) {
            if (!(tensor.entry() instanceof LayoutEntry.Sign sign) || sign.bits() != 1) {
                throw bad("a soup holds 1-bit sign objects only, "
                        + tensor.entry().name() + " is another");
            }
            if (tensor.abstain() != planned.getFirst().abstain()) {
                throw bad("some tensors of the soup have abstentions and " + sign.name() + " differs");
            }
        }
    }

    private DeltaHeader.Planned planned(LayoutEntry entry, boolean soup, Optional<Dtype> packing) {
        return switch (entry) {
            case LayoutEntry.Full full -> new DeltaHeader.Planned(full, Dtype.F32, false);
            case LayoutEntry.Sign sign ->
                new DeltaHeader.Planned(
                        sign, packing.orElseGet(() -> scaleType(sign)), soup && stored.containsKey(sign.abstainName()));
            case LayoutEntry.LowRank lowRank ->
                new DeltaHeader.Planned(lowRank, packing.orElseGet(() -> scaleType(lowRank.a())), false);
            case LayoutEntry.Core core -> new DeltaHeader.Planned(core, Dtype.F32, false);
        };
    }

    private Dtype scaleType(LayoutEntry.Sign sign) {
        Entry scales = stored.get(sign.scaleName(0));
        if (scales == null) {
            throw bad("entry " + sign.scaleName(0) + " is missing");
        }
        if (scales.dtype() != Dtype.F32 && scales.dtype() != Dtype.F16) {
            throw bad("entry " + scales.name() + " has dtype " + scales.dtype() + ", scales are F32 or F16");
        }
        return scales.dtype();
    }

    private MalformedDeltaException bad(String what) {
        return new MalformedDeltaException(file, what);
    }
}
