// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import dev.bursar.engine.cloudwatch.CloudWatch;
import dev.bursar.engine.cloudwatch.CloudWatchQuery;
import dev.bursar.engine.cloudwatch.InvocationMetrics;
import dev.bursar.engine.cloudwatch.LogEvents;
import dev.bursar.engine.cloudwatch.LogGroups;
import dev.bursar.engine.endpoint.EndpointConfigs;
import dev.bursar.engine.endpoint.EndpointUsage;
import dev.bursar.engine.endpoint.Endpoints;
import dev.bursar.engine.endpoint.Fleets;
import dev.bursar.engine.endpoint.Invocations;
import dev.bursar.engine.model.Models;
import dev.bursar.engine.nastiness.MoodyProtocol;
import dev.bursar.engine.nastiness.NastinessControl;
import dev.bursar.engine.nastiness.Quirks;
import dev.bursar.engine.nastiness.Quotas;
import dev.bursar.engine.processing.ProcessingJobs;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.scheduler.SchedulerProtocol;
import dev.bursar.engine.scheduler.SchedulerRun;
import dev.bursar.engine.scheduler.Schedules;
import dev.bursar.engine.store.Search;
import dev.bursar.engine.store.Tags;
import dev.bursar.engine.training.TrainingJobs;
import dev.bursar.engine.transform.TransformJobs;
import dev.bursar.engine.tuning.TuningJobs;
import dev.bursar.engine.wire.CallerIdentity;
import dev.bursar.engine.wire.EngineStatus;
import dev.bursar.engine.wire.JsonProtocol;
import dev.bursar.engine.wire.Manner;
import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Protocol;
import java.util.List;

/** Who answers which operation, and what goes on after a restart. */
final class Services {

    private final RunParts parts;
    private final InvocationMetrics metrics;
    private final Fleets fleets = new Fleets();
    private final CloudWatch cloudWatch;
    private final Schedules schedules;
    private final TrainingJobs training;
    private final ProcessingJobs processing;
    private final TransformJobs transform;
    private final TuningJobs tuning;
    private final Endpoints endpoints;
    private final Operations operations;

    Services(RunParts parts, InvocationMetrics metrics) {
        this.parts = parts;
        this.metrics = metrics;
        this.schedules = new Schedules(parts);
        this.cloudWatch = new CloudWatch(metrics);
        this.training = new TrainingJobs(parts);
        this.processing = new ProcessingJobs(parts);
        this.transform = new TransformJobs(parts);
        this.tuning = new TuningJobs(parts, training);
        this.endpoints = new Endpoints(parts, fleets);
        this.operations = register(new Operations(quirks(parts)));
    }

    /** In the order in which they are asked whether a call is theirs; the last takes any. */
    List<Protocol> protocols() {
        return List.of(
                new EngineStatus(parts.enclosure().stands(), parts.enclosure().situation()),
                new NastinessControl(parts.moods()),
                moody(new Invocations(parts, fleets, metrics)),
                moody(new CloudWatchQuery(cloudWatch)),
                moody(new SchedulerProtocol(schedules, parts.clock())),
                moody(new CallerIdentity(parts.account().id())),
                moody(new JsonProtocol(operations)));
    }

    void resume() {
        training.resume();
        processing.resume();
        transform.resume();
        tuning.resume();
        endpoints.resume();
        parts.runs().start(new SchedulerRun(schedules, parts, operations));
    }

    private static Manner quirks(RunParts parts) {
        var estate = parts.estate();
        return new Quirks(parts.moods(), parts.clock(), estate, new Quotas(estate, new EndpointUsage(estate)));
    }

    private Protocol moody(Protocol calm) {
        return new MoodyProtocol(calm, parts.moods());
    }

    private Operations register(Operations operations) {
        training.register(operations);
        processing.register(operations);
        transform.register(operations);
        tuning.register(operations);
        new Models(parts).register(operations);
        new EndpointConfigs(parts).register(operations);
        endpoints.register(operations);
        cloudWatch.register(operations);
        new Search(parts.estate()).register(operations);
        new Tags(parts.estate()).register(operations);
        new LogEvents(new LogGroups(parts.estate()), parts.account()).register(operations);
        return operations;
    }
}
