package dev.bursar.catalogue;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kind of machine that SageMaker rents out.
 *
 * @param chips GPUs or other accelerators, if it has any
 * @param localNvmeGb with local disks no volume is provided and none is paid
 * @param offered what SageMaker lets it be used for; whether a price is known is another question
 * @param note what is peculiar about it
 */
public record InstanceType(
        String name,
        Category category,
        int vcpu,
        BigDecimal memoryGib,
        @Nullable Chips chips,
        int localNvmeGb,
        Set<Component> offered,
        @Nullable String note) {

    public InstanceType {
        offered = Set.copyOf(offered);
    }

    public boolean paysForItsVolume() {
        return localNvmeGb == 0;
    }

    public int gpus() {
        return category == Category.GPU && chips != null ? chips.count() : 0;
    }

    /**
     * GPUs or other accelerators.
     *
     * @param memoryGib of all of them together
     */
    @Schema(name = "Chips")
    public record Chips(
            @Schema(example = "A10G") String model,
            @Schema(example = "1") int count,

            @Schema(description = "memory of all of them together, in GiB", example = "24")
            int memoryGib) {}
}
