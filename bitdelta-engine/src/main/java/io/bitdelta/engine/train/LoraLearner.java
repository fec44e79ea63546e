package io.bitdelta.engine.train;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.model.Projection;
import io.bitdelta.engine.model.twin.FloatBlock;
import io.bitdelta.engine.model.twin.Variant;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.SafetensorsWriter;
import io.bitdelta.engine.work.WholeFile;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Factors are learnt; the result is an adapter as Hugging Face's PEFT writes one, factors in F32. */
final class LoraLearner implements Learner {
    private final Method.Lora lora;
    private final LoraVariant variant;

    LoraLearner(Method.Lora lora, LoraVariant variant) {
        this.lora = lora;
        this.variant = variant;
    }

    @Override
    public Variant variant() {
        return variant;
    }

    @Override
    public void write(Path out, Hash32 baseHash, Workers workers) throws IOException {
        Map<String, FloatBlock> factors = new LinkedHashMap<>();
        variant.pairs().forEach((name, pair) -> {
            String module = "base_model.model." + name.substring(0, name.length() - ".weight".length());
            factors.put(module + ".lora_A.weight", pair.a());
            factors.put(module + ".lora_B.weight", pair.b());
        });
        List<Entry> entries = new ArrayList<>();
        factors.forEach((name, block) -> entries.add(SafetensorsWriter.unplaced(name, Dtype.F32, block.shape())));
        List<Entry> placed = SafetensorsWriter.place(entries);
        byte[] header = SafetensorsWriter.header(Map.of("format", "pt"), placed);
        try (WholeFile file = WholeFile.create(out.resolve("adapter_model.safetensors"))) {
            file.write(MemorySegment.ofArray(header), 0);
            for (Entry entry : placed) {
                FloatBlock block = factors.get(entry.name());
                if (block != null) {
                    file.write(block.data(), header.length + entry.begin());
                }
            }
            file.commit();
        }
        try (WholeFile file = WholeFile.create(out.resolve("adapter_config.json"))) {
            file.write(MemorySegment.ofArray(config().getBytes(StandardCharsets.UTF_8)), 0);
            file.commit();
        }
    }

    private String config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("peft_type", "LORA");
        config.put("task_type", "CAUSAL_LM");
        config.put("bias", "none");
        config.put("fan_in_fan_out", false);
        config.put("inference_mode", true);
        config.put("lora_alpha", lora.alpha());
        config.put("lora_dropout", 0.0);
        config.put("r", lora.rank());
        config.put(
                "target_modules",
                lora.targets().stream()
                        .map(LoraLearner::leaf)
                        .distinct()
                        .sorted()
                        .toList());
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n";
    }

    private static String leaf(Projection projection) {
        return projection.module().substring(projection.module().lastIndexOf('.') + 1);
    }
}
