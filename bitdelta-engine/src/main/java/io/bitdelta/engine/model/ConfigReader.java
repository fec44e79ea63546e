package io.bitdelta.engine.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code config.json} (and the end tokens of {@code generation_config.json}), with Hugging Face's defaults. */
final class ConfigReader {
    private static final long MAX_BYTES = 1 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(32).build())
                    .build())
            .build();

    private final Path file;
    private final JsonNode json;

    private ConfigReader(Path file, JsonNode json) {
        this.file = file;
        this.json = json;
    }

    static ModelConfig read(Path model) throws IOException {
        Path folder = folder(model);
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw new MalformedModelConfigException(file, "no such file; a model is a folder in Hugging Face's layout");
        }
        Path generation = folder.resolve("generation_config.json");
        JsonNode other =
                Files.isRegularFile(generation) ? json(generation, load(generation)) : MAPPER.createObjectNode();
        return parse(file, load(file), other);
    }

    /** As {@link #read}, of bytes already in memory. */
    static ModelConfig parse(Path file, byte[] config, JsonNode generation) {
        ConfigReader reader = new ConfigReader(file, json(file, config));
        try {
            return reader.config(generation);
        } catch (IllegalArgumentException e) {
            throw new MalformedModelConfigException(file, String.valueOf(e.getMessage()), e);
        }
    }

    /** The folder that a model's parts lie in. */
    static Path folder(Path model) {
        return Files.isDirectory(model)
                ? model
                : model.toAbsolutePath().resolveSibling(".").normalize();
    }

    private static byte[] load(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new MalformedModelConfigException(
                    file, "it has " + Files.size(file) + " bytes, allowed are " + MAX_BYTES);
        }
        return Files.readAllBytes(file);
    }

    private static JsonNode json(Path file, byte[] bytes) {
        JsonNode json;
        try {
            json = MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            throw new MalformedModelConfigException(file, "it is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!json.isObject()) {
            throw new MalformedModelConfigException(file, "it is not a JSON object");
        }
        return json;
    }

    private ModelConfig config(JsonNode generation) {
        String type = json.path("model_type").asString("");
        Architecture architecture = Architecture.named(type)
                .orElseThrow(() -> new UnsupportedModelException(
                        file, "model_type \"" + type + "\" is unknown; known are " + Architecture.known()));
        refuseWhatIsNotComputed();
        int hidden = integer("hidden_size");
        int heads = integer("num_attention_heads");
        int layers = integer("num_hidden_layers");
        int context = integer("max_position_embeddings");
        boolean bias = flag("attention_bias", false);
        boolean qwen2 = architecture == Architecture.QWEN2;
        Attention attention = new Attention(
                heads,
                integer("num_key_value_heads", heads),
                integer("head_dim", hidden / Math.max(1, heads)),
                architecture == Architecture.QWEN3,
                qwen2 || bias,
                !qwen2 && bias,
                window(architecture),
                architecture == Architecture.MISTRAL ? 0 : integer("max_window_layers", layers));
        return new ModelConfig(
                architecture,
                integer("vocab_size"),
                hidden,
                integer("intermediate_size"),
                layers,
                attention,
                rope(context),
                context,
                number("rms_norm_eps", 1e-6),
                flag("mlp_bias", false),
                flag("tie_word_embeddings", false),
                begin(),
                ends(generation));
    }

    private void refuseWhatIsNotComputed() {
        String activation = json.path("hidden_act").asString("silu");
        if (!activation.equals("silu") && !activation.equals("swish")) {
            throw new UnsupportedModelException(file, "hidden_act is \"" + activation + "\", only silu is computed");
        }
        if (json.hasNonNull("quantization_config")) {
            throw new UnsupportedModelException(
                    file, "the weights are quantised (quantization_config); use the checkpoint in bf16, f16 or f32");
        }
        if (number("partial_rotary_factor", 1) != 1) {
            throw new UnsupportedModelException(
                    file, "partial_rotary_factor is " + json.path("partial_rotary_factor") + ", only 1 is computed");
        }
    }

    private int window(Architecture architecture) {
        boolean used = architecture == Architecture.MISTRAL || flag("use_sliding_window", false);
        return used && json.hasNonNull("sliding_window") ? integer("sliding_window") : 0;
    }

    /** Newer configurations hold theta and scaling in {@code rope_parameters}, older ones beside each other. */
    private Rope rope(int context) {
        JsonNode scaling =
                json.hasNonNull("rope_parameters") ? json.path("rope_parameters") : json.path("rope_scaling");
        JsonNode theta = scaling.hasNonNull("rope_theta") ? scaling.path("rope_theta") : json.path("rope_theta");
        String type = scaling.path("rope_type").asString(scaling.path("type").asString("default"));
        Rope.Scaling how =
                switch (type) {
                    case "default" -> new Rope.None();
                    case "linear" -> new Rope.Linear(number(scaling, "factor"));
                    case "llama3" ->
                        new Rope.Llama3(
                                number(scaling, "factor"),
                                number(scaling, "low_freq_factor"),
                                number(scaling, "high_freq_factor"),
                                scaling.path("original_max_position_embeddings").asInt(context));
                    default ->
                        throw new UnsupportedModelException(
                                file,
                                "rope scaling \"" + type
                                        + "\" is unknown; known are default, linear, llama3 (for contexts"
                                        + " within the original one, set rope_scaling to null)");
                };
        return new Rope(theta.isNumber() ? theta.asDouble() : 10000, how);
    }

    private OptionalInt begin() {
        JsonNode token = json.path("bos_token_id");
        return token.isIntegralNumber() ? OptionalInt.of(token.asInt()) : OptionalInt.empty();
    }

    /** A chat model often names its turn's end in {@code generation_config.json} only. */
    private List<Integer> ends(JsonNode generation) {
        Set<Integer> ends = new LinkedHashSet<>();
        for (JsonNode source : List.of(json, generation)) {
            JsonNode tokens = source.path("eos_token_id");
            if (tokens.isIntegralNumber()) {
                ends.add(tokens.asInt());
            }
            for (JsonNode token : tokens.isArray() ? tokens : MAPPER.createArrayNode()) {
                if (!token.isIntegralNumber()) {
                    throw new IllegalArgumentException("eos_token_id holds " + token + ", expected are token numbers");
                }
                ends.add(token.asInt());
            }
        }
        return List.copyOf(ends);
    }

    private int integer(String key) {
        JsonNode node = json.path(key);
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw new IllegalArgumentException(
                    key + " is " + (node.isMissingNode() ? "missing" : node) + ", expected is an integer");
        }
        return node.asInt();
    }

    private int integer(String key, int absent) {
        return json.hasNonNull(key) ? integer(key) : absent;
    }

    private double number(String key, double absent) {
        return json.hasNonNull(key) ? number(json, key) : absent;
    }

    private static double number(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isNumber()) {
            throw new IllegalArgumentException(
                    key + " is " + (value.isMissingNode() ? "missing" : value) + ", expected is a number");
        }
        return value.asDouble();
    }

    private boolean flag(String key, boolean absent) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw new IllegalArgumentException(key + " is " + value + ", expected is true or false");
        }
        return value.asBoolean();
    }
}
