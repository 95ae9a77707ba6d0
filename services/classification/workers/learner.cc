#include "services/classification/workers/learner.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/classification/learning/collection.h"
#include "services/classification/learning/promotion.h"

namespace veche::classification {
namespace {

constexpr absl::Duration kLease = absl::Seconds(60);
constexpr absl::Duration kRenewEvery = absl::Seconds(10);
constexpr absl::Duration kLook = absl::Seconds(5);
constexpr absl::Duration kPruneEvery = absl::Hours(1);
constexpr absl::Duration kKeepRoutings = absl::Hours(24 * 365);
constexpr absl::Duration kKeepDecisions = absl::Hours(24 * 365 * 3);
constexpr int kPruned = 1000;
constexpr absl::Duration kFirstWait = absl::Minutes(1);
constexpr absl::Duration kLongestWait = absl::Minutes(30);
constexpr int kMostTries = 8;
constexpr char kInterrupted[] =
    "The process that trained ended before it was done. Ask for another training.";

absl::Time TrainedUntil(const v1::Scores& scores) {
  if (!scores.has_trained_until()) return absl::InfinitePast();
  return api::FromTimestamp(scores.trained_until());
}

}  // namespace

absl::Time NewestNight(absl::Time now, int hour, absl::TimeZone zone) {
  const absl::CivilDay day(absl::ToCivilSecond(now, zone));
  const auto at = [&](absl::CivilDay night) {
    return absl::FromCivil(absl::CivilHour(night.year(), night.month(), night.day(), hour), zone);
  };
  return at(day) <= now ? at(day) : at(day - 1);
}

Learner::Learner(Parts parts)
    : parts_(std::move(parts)),
      owner_(RandomToken(12)),
      renewing_(observe::LoggedWorker("learner-lease", parts_.telemetry),
                [this] {
                  if (training_) Renew();
                  return kRenewEvery;
                }),
      worker_(observe::LoggedBackgroundWorker("learner", parts_.telemetry),
              [this] { return Step(); }) {}

void Learner::Start() {
  renewing_.Start();
  worker_.Start();
}

void Learner::Stop() {
  worker_.Stop();
  renewing_.Stop();
}

void Learner::Wake() {
  {
    absl::MutexLock lock(&mutex_);
    retry_at_ = absl::InfinitePast();
  }
  worker_.Wake();
}

absl::Duration Learner::Step() {
  if (std::exchange(first_step_, false)) FailAbandonedRuns();
  const auto done = RunOnce();
  if (!done.ok()) {
    parts_.telemetry.logger->Error("learning failed", {{"error", done.status().ToString()}});
  }
  return kLook;
}

// With SQLite this process owns the data folder, so a run in the database is one of a process that
// ended.
void Learner::FailAbandonedRuns() {
  if (parts_.database.engine() != sql::Engine::kSqlite) return;
  parts_.database
      .Write([&](sql::Transaction& transaction) {
        return parts_.models
            .FailExpired(transaction, absl::InfiniteFuture(), parts_.clock.Now(), kInterrupted)
            .status();
      })
      .IgnoreError();
}

absl::StatusOr<bool> Learner::RunOnce() {
  RETURN_IF_ERROR(RequestNightlyTraining());
  RETURN_IF_ERROR(ReplaceUnreadable());
  ASSIGN_OR_RETURN(const bool done, ClaimRun());
  const absl::Status promoted = PromoteAutomatically();
  RETURN_IF_ERROR(Prune());  // even if the promotion failed
  RETURN_IF_ERROR(promoted);
  return done;
}

absl::Status Learner::RequestNightlyTraining() {
  if (!parts_.options.nightly_hour) return absl::OkStatus();
  const absl::Time now = parts_.clock.Now();
  const absl::Time night = NewestNight(now, *parts_.options.nightly_hour, parts_.options.zone);
  bool wished = false;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const auto newest, parts_.models.NewestTraining(transaction));
    if (newest && newest->started >= night) return absl::OkStatus();
    ASSIGN_OR_RETURN(const absl::Time since, parts_.models.StartOfNewestDone(transaction));
    ASSIGN_OR_RETURN(
        const int64_t fresh,
        parts_.examples.CountDecisions(transaction, since, parts_.options.nightly_decisions));
    wished = fresh >= parts_.options.nightly_decisions;
    return absl::OkStatus();
  }));
  if (!wished) return absl::OkStatus();
  return parts_.database.Write([&](sql::Transaction& transaction) {
    return parts_.models.RequestTraining(transaction, {.id = parts_.ids.New(), .started = now});
  });
}

// After an update of the program the city's model may be unreadable; its decisions are still
// stored.
absl::Status Learner::ReplaceUnreadable() {
  const std::string unreadable = parts_.registry.in_use().unreadable;
  if (unreadable.empty() || unreadable == replaced_) return absl::OkStatus();
  std::vector<ModelRecord> waiting;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    waiting.clear();
    for (ModelState state : {ModelState::kCandidate, ModelState::kShadow}) {
      ASSIGN_OR_RETURN(const auto models, parts_.models.ListInState(transaction, state, 1));
      waiting.insert(waiting.end(), models.begin(), models.end());
    }
    return absl::OkStatus();
  }));
  const bool made = std::any_of(waiting.begin(), waiting.end(), [this](const ModelRecord& model) {
    return parts_.registry.Load(model.version).ok();
  });
  if (!made) {
    RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) {
      return parts_.models.RequestTraining(transaction,
                                           {.id = parts_.ids.New(), .started = parts_.clock.Now()});
    }));
    parts_.telemetry.logger->Warning("a training is asked for: the model in use cannot be read",
                                     {{"version", unreadable}});
  }
  replaced_ = unreadable;
  return absl::OkStatus();
}

absl::Status Learner::PromoteAutomatically() {
  if (!parts_.options.promote_automatically) return absl::OkStatus();
  const ModelInUse in_use = parts_.registry.in_use();
  std::string best;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    best.clear();
    for (ModelState state : {ModelState::kCandidate, ModelState::kShadow}) {
      ASSIGN_OR_RETURN(const auto models, parts_.models.ListInState(transaction, state, 1));
      if (models.empty()) continue;
      ASSIGN_OR_RETURN(
          const v1::Scores scores,
          ScoresNow(transaction, parts_.models, parts_.examples, models[0], in_use.version));
      if (scores.total().better()) best = models[0].version;
    }
    return absl::OkStatus();
  }));
  if (best.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(parts_.registry.Load(best).status());
  const absl::Status promoted = parts_.database.Write([&](sql::Transaction& transaction) {
    return Promote(transaction, parts_.models, parts_.examples, best, in_use,
                   {.reason = "Better beyond chance.", .now = parts_.clock.Now()});
  });
  // Aborted: another process changed the model in use; the next round compares with that one.
  if (!promoted.ok() && !absl::IsAborted(promoted)) return promoted;
  return parts_.registry.Refresh();
}

absl::Status Learner::Prune() {
  const absl::Time now = parts_.clock.Now();
  if (now - pruned_ < kPruneEvery) return absl::OkStatus();
  int64_t deleted = kPruned;
  while (deleted >= kPruned && !worker_.stopping()) {
    RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
      RETURN_IF_ERROR(parts_.models.PruneTrainings(transaction, now - kKeepDecisions, kPruned));
      ASSIGN_OR_RETURN(deleted, parts_.examples.Prune(transaction, now - kKeepRoutings,
                                                      now - kKeepDecisions, kPruned));
      return absl::OkStatus();
    }));
  }
  pruned_ = now;
  return absl::OkStatus();
}

absl::StatusOr<bool> Learner::ClaimRun() {
  {
    absl::MutexLock lock(&mutex_);
    if (parts_.clock.Now() < retry_at_) return false;
  }
  std::optional<TrainingRecord> run;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(run, parts_.models.RunningTraining(transaction));
    return absl::OkStatus();
  }));
  if (!run) return false;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    const absl::Time now = parts_.clock.Now();
    RETURN_IF_ERROR(parts_.models.FailExpired(transaction, now, now, kInterrupted).status());
    ASSIGN_OR_RETURN(run, parts_.models.ClaimTraining(transaction, owner_, now + kLease));
    return absl::OkStatus();
  }));
  if (!run) return false;
  training_ = true;
  const absl::Status finished = Finish(Train());
  training_ = false;
  RETURN_IF_ERROR(finished);
  RETURN_IF_ERROR(parts_.registry.DeleteOldModels());
  RETURN_IF_ERROR(parts_.registry.Refresh());
  return true;
}

absl::StatusOr<CandidateModel> Learner::Train() {
  CandidateOptions options{.active = parts_.registry.active().Share(),
                           .cancelled = [this] { return worker_.stopping(); }};
  ASSIGN_OR_RETURN(options.base, ReadBaseExamples(parts_.seed, parts_.base_folder));
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const auto active,
                     parts_.models.FindModel(transaction, options.active->model().version()));
    if (active) options.active_until = TrainedUntil(active->scores);
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(const Collection collected, Collect({.database = parts_.database,
                                                        .examples = parts_.examples,
                                                        .texts = parts_.texts,
                                                        .departments = parts_.departments,
                                                        .options = parts_.options,
                                                        .base_weight = options.base.weight(),
                                                        .cancelled = options.cancelled}));
  ASSIGN_OR_RETURN(CandidateModel made, TrainCandidate(collected.texts, options));
  if (made.version == options.active->model().version()) {
    return absl::FailedPreconditionError(
        "There is nothing new to learn: training gave the model that is in use.");
  }
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const auto known, parts_.models.FindModel(transaction, made.version));
    if (!known || known->state != ModelState::kRejected) return absl::OkStatus();
    return absl::FailedPreconditionError(
        "There is nothing new to learn: training gave a model that was rejected before.");
  }));
  made.scores.set_left_out(collected.left_out);
  return made;
}

// After a stop, and while another service is unavailable, the run waits; otherwise it has failed.
absl::Status Learner::EndFailedRun(const absl::Status& reason) {
  const absl::Time now = parts_.clock.Now();
  const bool stops = absl::IsCancelled(reason) || worker_.stopping();
  const bool away = absl::IsUnavailable(reason) || absl::IsDeadlineExceeded(reason);
  TrainingState state = TrainingState::kFailed;
  std::string message(reason.message());
  if (stops) {
    state = TrainingState::kRunning;
    message.clear();
  } else if (away && tries_ < kMostTries) {
    state = TrainingState::kRunning;
    const absl::Duration wait = std::min(kLongestWait, kFirstWait * (1 << tries_++));
    message = absl::StrCat("Tried again in ", absl::FormatDuration(wait), ": ", message);
    absl::MutexLock lock(&mutex_);
    retry_at_ = now + wait;
  } else {
    tries_ = 0;
  }
  if (!stops) parts_.telemetry.logger->Warning("training failed", {{"reason", message}});
  return parts_.database.Write([&](sql::Transaction& transaction) {
    return parts_.models.EndTraining(transaction, owner_, state, now, "", message).status();
  });
}

// Stores the model and ends the run in one transaction.
absl::Status Learner::Finish(const absl::StatusOr<CandidateModel>& made) {
  if (!made.ok()) return EndFailedRun(made.status());
  tries_ = 0;
  const absl::Time now = parts_.clock.Now();
  ModelRecord model{
      .version = made->version,
      .state = parts_.options.shadow_share > 0 ? ModelState::kShadow : ModelState::kCandidate,
      .source = made->source,
      .examples = made->examples,
      .categories = made->categories,
      .accuracy = made->accuracy,
      .created = now,
      .scores = made->scores};
  if (Compare(made->newest).worse) {
    model.state = ModelState::kRejected;
    model.reason = "Worse than the model in use on the newest decisions.";
  }
  return parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const bool ours,
                     parts_.models.EndTraining(transaction, owner_, TrainingState::kDone, now,
                                               made->version, ""));
    if (!ours) return absl::OkStatus();  // the lease ended and the run failed
    for (ModelState state : {ModelState::kCandidate, ModelState::kShadow}) {
      ASSIGN_OR_RETURN(const auto older, parts_.models.ListInState(transaction, state, 10));
      for (const ModelRecord& record : older) {
        RETURN_IF_ERROR(parts_.models.SetState(transaction, record.version, ModelState::kRetired,
                                               "A newer candidate took its place."));
      }
    }
    RETURN_IF_ERROR(parts_.models.AddModel(transaction, model, made->bytes));
    // The same examples give the same model, which an earlier run may have stored.
    RETURN_IF_ERROR(
        parts_.models.SetScores(transaction, model.version, made->scores, made->newest));
    return parts_.models.SetState(transaction, model.version, model.state, model.reason);
  });
}

void Learner::Renew() {
  parts_.database
      .Write([&](sql::Transaction& transaction) {
        return parts_.models.RenewLease(transaction, owner_, parts_.clock.Now() + kLease);
      })
      .IgnoreError();
}

}  // namespace veche::classification
