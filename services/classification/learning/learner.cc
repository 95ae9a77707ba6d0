#include "services/classification/learning/learner.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/base/thread_priority.h"
#include "services/classification/learning/collection.h"
#include "services/classification/learning/promotion.h"
#include "services/classification/learning/scores.h"

namespace veche::classification {
namespace {

constexpr absl::Duration kLease = absl::Seconds(60);
constexpr absl::Duration kRenewEvery = absl::Seconds(10);
constexpr absl::Duration kLook = absl::Seconds(5);
constexpr absl::Duration kPruneEvery = absl::Hours(1);
constexpr absl::Duration kKeepRoutings = absl::Hours(24 * 365);
constexpr absl::Duration kKeepDecisions = absl::Hours(24 * 365 * 3);
constexpr int kPruned = 1000;
constexpr char kInterrupted[] =
    "The process that trained ended before it was done. Ask for another training.";

absl::Time TrainedUntil(const v1::Scores& scores) {
  if (!scores.has_trained_until()) return absl::InfinitePast();
  return absl::FromUnixSeconds(scores.trained_until().seconds()) +
         absl::Nanoseconds(scores.trained_until().nanos());
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
    : parts_(std::move(parts)), owner_(RandomToken(12)), renewing_(kRenewEvery, [this] {
        if (training_) Renew();
      }) {}

void Learner::Start() {
  renewing_.Start();
  thread_ = std::thread(&Learner::Run, this);
}

void Learner::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
  renewing_.Stop();
}

void Learner::Wake() {
  absl::MutexLock lock(&mutex_);
  awake_ = true;
}

bool Learner::stopping() {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

bool Learner::Wait(absl::Duration longest) {
  absl::MutexLock lock(&mutex_);
  const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return awake_ || stopping_; };
  mutex_.AwaitWithTimeout(absl::Condition(&due), longest);
  awake_ = false;
  return !stopping_;
}

void Learner::Run() {
  RunInBackground();
  if (parts_.database.engine() == sql::Engine::kSqlite) {
    // Nobody else has the data folder, so whoever had a run is gone, lease or not.
    parts_.database
        .Write([&](sql::Transaction& transaction) {
          return parts_.models
              .FailLost(transaction, absl::InfiniteFuture(), parts_.clock.Now(), kInterrupted)
              .status();
        })
        .IgnoreError();
  }
  while (Wait(kLook)) {
    const auto done = RunOnce();
    if (!done.ok()) {
      parts_.telemetry.logger->Error("learning failed", {{"error", done.status().ToString()}});
    }
  }
}

absl::StatusOr<bool> Learner::RunOnce() {
  RETURN_IF_ERROR(AskNightly());
  ASSIGN_OR_RETURN(const bool done, TakeRun());
  const absl::Status promoted = PromoteAutomatically();
  RETURN_IF_ERROR(Prune());  // also while nothing can be promoted
  RETURN_IF_ERROR(promoted);
  return done;
}

absl::Status Learner::AskNightly() {
  if (!parts_.options.nightly_hour) return absl::OkStatus();
  const absl::Time now = parts_.clock.Now();
  const absl::Time night = NewestNight(now, *parts_.options.nightly_hour, parts_.options.zone);
  bool wished = false;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const auto newest, parts_.models.NewestTraining(transaction));
    if (newest && newest->started >= night) return absl::OkStatus();
    ASSIGN_OR_RETURN(const absl::Time since, parts_.models.NewestDone(transaction));
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

absl::Status Learner::PromoteAutomatically() {
  if (!parts_.options.promote_automatically) return absl::OkStatus();
  std::string best;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    best.clear();
    for (ModelState state : {ModelState::kCandidate, ModelState::kShadow}) {
      ASSIGN_OR_RETURN(const auto models, parts_.models.ListInState(transaction, state, 1));
      if (models.empty()) continue;
      ASSIGN_OR_RETURN(const v1::Scores scores, ScoresNow(transaction, parts_.examples, models[0]));
      if (scores.total().better()) best = models[0].version;
    }
    return absl::OkStatus();
  }));
  if (best.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(parts_.shelf.Load(best).status());
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) {
    return Promote(transaction, parts_.models, parts_.examples, best,
                   {.reason = "Better beyond chance.", .now = parts_.clock.Now()});
  }));
  return parts_.shelf.Refresh();
}

absl::Status Learner::Prune() {
  const absl::Time now = parts_.clock.Now();
  if (now - pruned_ < kPruneEvery) return absl::OkStatus();
  int64_t deleted = kPruned;
  while (deleted >= kPruned && !stopping()) {
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

absl::StatusOr<bool> Learner::TakeRun() {
  std::optional<TrainingRecord> run;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(run, parts_.models.RunningTraining(transaction));
    return absl::OkStatus();
  }));
  if (!run) return false;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    const absl::Time now = parts_.clock.Now();
    RETURN_IF_ERROR(parts_.models.FailLost(transaction, now, now, kInterrupted).status());
    ASSIGN_OR_RETURN(run, parts_.models.ClaimTraining(transaction, owner_, now + kLease));
    return absl::OkStatus();
  }));
  if (!run) return false;
  training_ = true;
  const absl::Status finished = Finish(Make());
  training_ = false;
  RETURN_IF_ERROR(finished);
  RETURN_IF_ERROR(parts_.shelf.Tidy());
  RETURN_IF_ERROR(parts_.shelf.Refresh());
  return true;
}

absl::StatusOr<MadeCandidate> Learner::Make() {
  CandidateOptions options{.active = parts_.shelf.active().Share(),
                           .seed = parts_.seed,
                           .base_folder = parts_.base_folder,
                           .cancelled = [this] { return stopping(); }};
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const auto active,
                     parts_.models.FindModel(transaction, options.active->model().version()));
    if (active) options.active_until = TrainedUntil(active->scores);
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(
      const Collection collected,
      Collect(parts_.database, parts_.examples, parts_.texts, parts_.options, options.cancelled));
  ASSIGN_OR_RETURN(MadeCandidate made, MakeCandidate(collected.texts, options));
  if (made.version == options.active->model().version()) {
    return absl::FailedPreconditionError(
        "There is nothing new to learn: the same model as the one in use came of it.");
  }
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const auto known, parts_.models.FindModel(transaction, made.version));
    if (!known || known->state != ModelState::kRejected) return absl::OkStatus();
    return absl::FailedPreconditionError(
        "There is nothing new to learn: a model that was rejected before came of it again.");
  }));
  made.scores.set_left_out(collected.left_out);
  return made;
}

// The model and the end of the run come together, or neither does.
absl::Status Learner::Finish(const absl::StatusOr<MadeCandidate>& made) {
  const absl::Time now = parts_.clock.Now();
  if (!made.ok()) {
    // A stop is no failure: the run waits for the next start.
    const bool waits = absl::IsCancelled(made.status()) || stopping();
    if (!waits) {
      parts_.telemetry.logger->Warning("training failed", {{"reason", made.status().message()}});
    }
    return parts_.database.Write([&](sql::Transaction& transaction) {
      return parts_.models
          .EndTraining(transaction, owner_,
                       waits ? TrainingState::kRunning : TrainingState::kFailed, now, "",
                       waits ? absl::string_view() : made.status().message())
          .status();
    });
  }
  const PairedDifference difference = Compare(PairsOf(made->scores.total()));
  ModelRecord model{
      .version = made->version,
      .state = parts_.options.shadow_share > 0 ? ModelState::kShadow : ModelState::kCandidate,
      .source = made->source,
      .examples = made->examples,
      .categories = made->categories,
      .accuracy = made->accuracy,
      .created = now,
      .scores = made->scores};
  if (difference.worse) {
    model.state = ModelState::kRejected;
    model.reason = "Worse than the model in use on the newest decisions.";
  }
  return parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const bool ours,
                     parts_.models.EndTraining(transaction, owner_, TrainingState::kDone, now,
                                               made->version, ""));
    if (!ours) return absl::OkStatus();  // too late: it was given up
    for (ModelState state : {ModelState::kCandidate, ModelState::kShadow}) {
      ASSIGN_OR_RETURN(const auto older, parts_.models.ListInState(transaction, state, 10));
      for (const ModelRecord& record : older) {
        RETURN_IF_ERROR(parts_.models.SetState(transaction, record.version, ModelState::kRetired,
                                               "A newer candidate took its place."));
      }
    }
    RETURN_IF_ERROR(parts_.models.AddModel(transaction, model, made->bytes));
    // The same examples give the same model, which may be there from an earlier run.
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
