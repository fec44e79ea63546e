package io.bitdelta.engine.codec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code adapter_config.json} of a PEFT LoRA adapter: what is needed to fold its scaling into a factor.
 *
 * @param alpha {@code lora_alpha}
 * @param rankStabilised whether the scaling is {@code alpha / sqrt(r)} instead of {@code alpha / r}
 * @param alphaPattern alphas of single modules, by the end of their names
 */
record AdapterConfig(double alpha, boolean rankStabilised, Map<String, Double> alphaPattern) {
    private static final long MAX_BYTES = 1 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(16).build())
                    .build())
            .build();

    /** Reads and checks the file. */
    static AdapterConfig read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new MalformedAdapterException(file, "there is no adapter_config.json");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new MalformedAdapterException(
                    file, "it has " + Files.size(file) + " bytes, allowed are " + MAX_BYTES);
        }
        return parse(file, Files.readAllBytes(file));
    }

    /** As {@link #read}, of bytes already in memory. */
    static AdapterConfig parse(Path file, byte[] bytes) {
        JsonNode json;
        try {
            json = MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            throw new MalformedAdapterException(file, "it is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!"LORA".equals(json.path("peft_type").asString(""))) {
            throw new MalformedAdapterException(file, "peft_type is " + json.path("peft_type") + ", only LORA is read");
        }
        for (String unsupported : new String[] {"use_dora", "fan_in_fan_out"}) {
            if (json.path(unsupported).asBoolean(false)) {
                throw new MalformedAdapterException(file, unsupported + " is on; such adapters are not read");
            }
        }
        String bias = json.path("bias").asString("none");
        if (!bias.equals("none")) {
            throw new MalformedAdapterException(file, "bias is \"" + bias + "\", only none is read");
        }
        Map<String, Double> pattern = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.path("alpha_pattern").properties()) {
            pattern.put(entry.getKey(), number(file, entry.getValue(), "alpha_pattern " + entry.getKey()));
        }
        return new AdapterConfig(
                number(file, json.path("lora_alpha"), "lora_alpha"),
                json.path("use_rslora").asBoolean(false),
                pattern);
    }

    private static double number(Path file, JsonNode node, String what) {
        double value = node.isNumber() ? node.asDouble() : Double.NaN;
        if (!(value > 0 && value < 1e6)) {
            throw new MalformedAdapterException(
                    file, what + " is " + node + ", expected is a number above 0 and below 1e6");
        }
        return value;
    }

    /** The factor by which {@code B . A} is multiplied. */
    double scaling(String module, long rank) {
        double own = alpha;
        for (Map.Entry<String, Double> entry : alphaPattern.entrySet()) {
            if (module.equals(entry.getKey()) || module.endsWith("." + entry.getKey())) {
                own = entry.getValue();
            }
        }
        return own / (rankStabilised ? Math.sqrt((double) rank) : (double) rank);
    }
}
