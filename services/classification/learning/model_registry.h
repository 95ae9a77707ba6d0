#pragma once

#include <prometheus/gauge.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/base/published.h"
#include "common/observe/telemetry.h"
#include "services/classification/classifier/classifier.h"
#include "services/classification/learning/promotion.h"
#include "services/classification/storage/model_store.h"

namespace veche::classification {

// The models of this process: the one in use, and the candidate in shadow. The database says which
// they are. Every replica looks periodically (Refresh) and reads a model from its folder, or from
// the database if the file is missing or damaged. Classification calls never wait for this.
// Thread-safe.
class ModelRegistry {
 public:
  struct Parts {
    sql::Database& database;
    ModelStore& models;
    std::filesystem::path folder;  // "classification" in the data folder: models/, model.bin
    std::shared_ptr<const Classifier> built_in;
    const Clock& clock;
    observe::Telemetry telemetry;
  };

  // Until Open the built-in model is in use. What the parts refer to must outlive the registry.
  explicit ModelRegistry(Parts parts);

  // Activates an operator's model.bin if it is new, loads the model in use and deletes old models.
  // If the model in use cannot be read, the built-in one answers and the log says why.
  absl::Status Open();

  // Loads the model in use and the candidate in shadow if they changed in the database. If the new
  // model cannot be read, the former one stays in use; this is logged once, and the metric
  // veche_classifier_model_unreadable is 1 until it changes.
  absl::Status Refresh();

  const Published<Classifier>& active() const { return active_; }
  ModelInUse in_use() const;
  // The candidate in shadow; null when there is none.
  std::shared_ptr<const Classifier> shadow() const;
  const std::shared_ptr<const Classifier>& built_in() const { return parts_.built_in; }

  // Loads a model, and writes its file if that is missing. NotFound when its bytes are deleted;
  // InvalidArgument when they cannot be read.
  absl::StatusOr<std::shared_ptr<const Classifier>> Load(const std::string& version);

  // Deletes old models (promotion.h) in the database and all other files in the folder.
  absl::Status DeleteOldModels();

 private:
  absl::Status ActivateOperatorsFile();
  // Load, or the built-in model for the version "".
  absl::StatusOr<std::shared_ptr<const Classifier>> Find(const std::string& version);

  void Switch(const Activation& current,
              const absl::StatusOr<std::shared_ptr<const Classifier>>& found)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(loading_);

  const Parts parts_;
  prometheus::Gauge& unreadable_;
  Published<Classifier> active_;
  absl::Mutex loading_;  // one thread loads at a time
  std::string seen_shadow_ ABSL_GUARDED_BY(loading_);
  mutable absl::Mutex mutex_;
  ModelInUse in_use_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const Classifier> shadow_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::classification
