#include "services/classification/learning/model_registry.h"

#include <prometheus/registry.h>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/learning/model_files.h"
#include "services/classification/model/model_file.h"

namespace veche::classification {

ModelRegistry::ModelRegistry(Parts parts)
    : parts_(std::move(parts)),
      unreadable_(prometheus::BuildGauge()
                      .Name("veche_classifier_model_unreadable")
                      .Help("1 while the model that should be in use cannot be read")
                      .Register(*parts_.telemetry.metrics)
                      .Add({})),
      active_(parts_.built_in),
      in_use_{.version = parts_.built_in->model().version()} {}

absl::Status ModelRegistry::Open() {
  RETURN_IF_ERROR(ActivateOperatorsFile());
  RETURN_IF_ERROR(Refresh());
  return DeleteOldModels();
}

absl::Status ModelRegistry::ActivateOperatorsFile() {
  const std::filesystem::path path = parts_.folder / "model.bin";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return absl::OkStatus();
  absl::StatusOr<Model> model = ReadModelFile(path.string());
  if (model.ok()) {
    const TrainingReport& report = model->parts().report;
    const absl::Time now = parts_.clock.Now();
    const ModelRecord record = {.version = model->version(),
                                .state = ModelState::kActive,
                                .source = report.source,
                                .examples = report.examples,
                                .categories = static_cast<int64_t>(model->labels().size()),
                                .accuracy = report.accuracy,
                                .created = now};
    const std::string bytes = SerializeModel(*model);
    const absl::Status usable = LoadModelBytes(bytes, record.version).status();
    if (usable.ok()) {
      Activation in_use;
      const absl::Status taken =
          parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
            ASSIGN_OR_RETURN(
                in_use,
                ActivateFile(transaction, parts_.models, record, bytes,
                             {.actor = "operator", .reason = "Found as model.bin.", .now = now}));
            return absl::OkStatus();
          });
      // Another replica has activated the same file.
      if (absl::IsAborted(taken)) return absl::OkStatus();
      if (taken.ok() && in_use.version != record.version) {
        parts_.telemetry.logger->Warning(
            "operator's model not used: it was in use before and was replaced",
            {{"file", path.string()},
             {"version", record.version},
             {"in_use", in_use.version.empty() ? "built in" : in_use.version},
             {"by", in_use.actor},
             {"action", in_use.action}});
      }
      return taken;
    }
    model = usable;
  }
  parts_.telemetry.logger->Warning("operator's model refused",
                                   {{"reason", model.status().message()}});
  return absl::OkStatus();
}

absl::Status ModelRegistry::Refresh() {
  Activation current;
  std::string shadow;
  absl::MutexLock lock(&loading_);
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(current, parts_.models.CurrentActivation(transaction));
    ASSIGN_OR_RETURN(const auto shadows,
                     parts_.models.ListInState(transaction, ModelState::kShadow, 1));
    shadow = shadows.empty() ? "" : shadows[0].version;
    return absl::OkStatus();
  }));
  if (current.seq != in_use().seq) {
    const auto found = Find(current.version);
    if (absl::IsUnavailable(found.status())) return found.status();
    Switch(current, found);
  }
  if (shadow != seen_shadow_) {
    absl::StatusOr<std::shared_ptr<const Classifier>> found = nullptr;
    if (!shadow.empty()) found = Find(shadow);
    if (absl::IsUnavailable(found.status())) return found.status();
    seen_shadow_ = shadow;
    absl::MutexLock shadow_lock(&mutex_);
    shadow_ = found.value_or(nullptr);
  }
  return absl::OkStatus();
}

void ModelRegistry::Switch(const Activation& current,
                           const absl::StatusOr<std::shared_ptr<const Classifier>>& found) {
  ModelInUse in_use{.seq = current.seq};
  if (found.ok()) {
    active_.Publish(*found);
    parts_.telemetry.logger->Info("model in use", {{"version", (*found)->model().version()},
                                                   {"by", current.actor},
                                                   {"action", current.action}});
  } else {
    in_use.unreadable = current.version;
    in_use.reason = std::string(found.status().message());
    parts_.telemetry.logger->Error("the model in use cannot be read; the former one stays in use",
                                   {{"version", current.version}, {"reason", in_use.reason}});
  }
  in_use.version = active_.Share()->model().version();
  unreadable_.Set(found.ok() ? 0 : 1);
  absl::MutexLock lock(&mutex_);
  in_use_ = std::move(in_use);
}

ModelInUse ModelRegistry::in_use() const {
  absl::MutexLock lock(&mutex_);
  return in_use_;
}

std::shared_ptr<const Classifier> ModelRegistry::shadow() const {
  absl::MutexLock lock(&mutex_);
  return shadow_;
}

absl::StatusOr<std::shared_ptr<const Classifier>> ModelRegistry::Find(const std::string& version) {
  if (version.empty()) return parts_.built_in;
  return Load(version);
}

absl::StatusOr<std::shared_ptr<const Classifier>> ModelRegistry::Load(const std::string& version) {
  const std::filesystem::path folder = parts_.folder / "models";
  auto from_file = LoadModelFile(folder, version);
  if (from_file.ok()) return from_file;
  std::string bytes;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(bytes, parts_.models.ReadBytes(transaction, version));
    return absl::OkStatus();
  }));
  if (bytes.empty()) return absl::NotFoundError("the model was deleted");
  ASSIGN_OR_RETURN(std::shared_ptr<const Classifier> loaded, LoadModelBytes(bytes, version));
  // The model works without its file; the next start tries to write it again.
  const absl::Status stored = StoreModelFile(folder, version, bytes);
  if (!stored.ok()) {
    parts_.telemetry.logger->Warning("model file not written", {{"reason", stored.message()}});
  }
  return loaded;
}

absl::Status ModelRegistry::DeleteOldModels() {
  std::vector<std::string> kept;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(kept, classification::DeleteOldModels(transaction, parts_.models));
    return absl::OkStatus();
  }));
  absl::MutexLock lock(&loading_);
  DeleteOtherModelFiles(parts_.folder / "models", kept);
  return absl::OkStatus();
}

}  // namespace veche::classification
