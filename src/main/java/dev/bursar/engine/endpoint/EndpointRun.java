// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.endpoint;

import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.machine.Pause;
import dev.bursar.engine.model.Models;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Resources;
import dev.bursar.engine.wire.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemaker.model.PendingDeploymentSummary;

/**
 * Keeps one endpoint as its description wants it, until it is deleted: brings up a fleet, lets it take over from the one
 * before, restarts processes that die. The file {@code current} names the fleet that serves; all others are ended.
 */
final class EndpointRun implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(EndpointRun.class);
    private static final int STARTUP = 240;
    private static final String FOILED =
            "Request to service failed. If failure persists after retry, contact customer support.";
    private static final Duration REST = Duration.ofMillis(500);
    private static final int RESTS_AFTER_FAILURE = 20;

    private final String name;
    private final RunParts parts;
    private final Fleets fleets;
    private final Resources<DescribeEndpointResponse> endpoints;
    private final Generations generations;
    private @Nullable Fleet current;

    EndpointRun(String name, RunParts parts, Fleets fleets) {
        this.name = name;
        this.parts = parts;
        this.fleets = fleets;
        this.endpoints = parts.estate().endpoints();
        this.generations = new Generations(endpoints.folder(name));
    }

    @Override
    public void run() {
        try {
            takeUp();
            while (!parts.isClosing() && endpoints.find(name).isPresent()) {
                advance();
                Pause.brief();
            }
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            log.error("endpoint={} is left alone until the next engine", name, e);
        } finally {
            fleets.remove(name);
            if (parts.isClosing() && current != null) {
                current.stop();
            }
        }
    }

    /** One failure, whatever it is, does not end the endpoint's keeper. */
    private void advance() {
        try {
            step(endpoints.get(name));
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            log.error("endpoint={} is tried again", name, e);
            Pause.brief();
        }
    }

    private void step(DescribeEndpointResponse endpoint) throws IOException {
        switch (endpoint.endpointStatus()) {
            case CREATING, UPDATING -> deploy(endpoint);
            case IN_SERVICE -> watch();
            case DELETING -> delete();
            default -> rest();
        }
    }

    /** Finds the fleet that served when an earlier engine ended; ends every other. */
    private void takeUp() throws IOException {
        var serving = generations.serving();
        for (var folder : generations.all()) {
            if (serving.filter(folder::equals).isPresent()) {
                serve(Fleet.adopt(folder));
            } else {
                Fleet.adopt(folder).stop();
            }
        }
    }

    private void deploy(DescribeEndpointResponse endpoint) throws IOException {
        var pending = Optional.ofNullable(endpoint.pendingDeploymentSummary())
                .map(PendingDeploymentSummary::endpointConfigName);
        if (endpoint.endpointStatus() == EndpointStatus.UPDATING && pending.isEmpty()) {
            endpoints.update(name, one -> EndpointStates.rescaled(one, now()));
            return;
        }
        if (isFoiled(endpoint)) {
            return;
        }
        var config = pending.orElse(endpoint.endpointConfigName());
        try {
            var members = members(config);
            var failure = bringUp(members);
            if (failure.isEmpty()) {
                endpoints.update(name, one -> EndpointStates.inService(one, config, members, now()));
            } else if (!parts.isClosing()) {
                endpoints.update(name, one -> EndpointStates.failed(one, failure.get(), now()));
            }
        } catch (JobFailure failure) {
            endpoints.update(name, one -> EndpointStates.failed(one, failure.reason(), now()));
        } catch (Refusal gone) {
            endpoints.update(
                    name, one -> EndpointStates.failed(one, gone.error().message(), now()));
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            log.error("endpoint={} cannot be deployed, for a reason of the engine's own", name, e);
            endpoints.update(name, one -> EndpointStates.failed(one, FOILED, now()));
        }
        log.info("endpoint={} status={}", name, endpoints.get(name).endpointStatus());
    }

    /** Where the engine is to be nasty, a new endpoint fails and an update goes back, both after a while. */
    private boolean isFoiled(DescribeEndpointResponse endpoint) {
        var nasty = parts.moods().nastiness().endpoints();
        var isNew = endpoint.endpointStatus() == EndpointStatus.CREATING;
        var seconds = isNew ? nasty.creatingFailsAfterSeconds() : nasty.rollsBackAfterSeconds();
        if (seconds > 0 && now().isAfter(endpoint.lastModifiedTime().plusSeconds(seconds))) {
            endpoints.update(
                    name,
                    one -> isNew ? EndpointStates.failed(one, FOILED, now()) : EndpointStates.rolledBack(one, now()));
        }
        return seconds > 0;
    }

    private List<Fleet.Member> members(String config) {
        return parts.estate().configs().get(config).productionVariants().stream()
                .map(variant -> new Fleet.Member(
                        variant, Models.container(parts.estate().models().get(variant.modelName()))))
                .toList();
    }

    /** Starts a fleet and lets it serve once all of it is healthy; else ends it and says why. */
    private Optional<String> bringUp(List<Fleet.Member> members) throws IOException {
        var folder = generations.next();
        try {
            var fleet = Fleet.start(name, folder, members, parts);
            var failure = awaitHealth(fleet, members);
            if (failure.isPresent()) {
                fleet.stop();
                return failure;
            }
            var before = current;
            generations.serve(folder);
            serve(fleet);
            if (before != null) {
                before.stop();
            }
            return Optional.empty();
        } catch (JobFailure failure) {
            Fleet.adopt(folder).stop();
            throw failure;
        }
    }

    private Optional<String> awaitHealth(Fleet fleet, List<Fleet.Member> members) {
        var patience = members.stream()
                .map(member -> member.variant().containerStartupHealthCheckTimeoutInSeconds())
                .mapToInt(seconds -> seconds == null ? STARTUP : seconds)
                .max()
                .orElse(STARTUP);
        var until = now().plusSeconds(patience);
        while (!parts.isClosing()) {
            fleet.mark(now());
            var unready = fleet.unready();
            if (unready.isEmpty()) {
                return Optional.empty();
            }
            if (fleet.hasLost() || now().isAfter(until)) {
                fleet.mark(now());
                return Optional.of(("The primary container for production variant %s did not pass the ping health"
                                + " check. Please check CloudWatch logs for this endpoint.")
                        .formatted(unready.get()));
            }
            Pause.brief();
        }
        return Optional.of("The engine is closing.");
    }

    /** A process that has died is started anew, as SageMaker replaces a container. */
    private void watch() throws IOException {
        var fleet = current;
        if (fleet == null || fleet.hasLost()) {
            log.warn("endpoint={} has lost a process; its fleet is started anew", name);
            var members = fleet == null ? members(endpoints.get(name).endpointConfigName()) : fleet.members();
            bringUp(members).ifPresent(this::waitAndTryAgain);
        }
        rest();
    }

    private void waitAndTryAgain(String failure) {
        log.warn("endpoint={} could not be restarted, which is tried again in a while: {}", name, failure);
        for (int rests = 0; rests < RESTS_AFTER_FAILURE; rests++) {
            rest();
        }
    }

    private void delete() {
        fleets.remove(name);
        if (current != null) {
            current.stop();
        }
        endpoints.remove(name, endpoint -> {});
        log.info("endpoint={} is deleted", name);
    }

    /** Nothing changes of itself; until somebody wants a change, the logs are kept up to date. */
    private void rest() {
        var status = endpoints.get(name).endpointStatus();
        var until = Instant.now().plus(REST);
        while (Instant.now().isBefore(until)
                && !parts.isClosing()
                && endpoints.get(name).endpointStatus() == status) {
            Pause.brief();
        }
        if (current != null) {
            current.mark(now());
        }
    }

    private void serve(Fleet fleet) {
        current = fleet;
        fleets.put(name, fleet);
    }

    private Instant now() {
        return parts.clock().instant();
    }
}
