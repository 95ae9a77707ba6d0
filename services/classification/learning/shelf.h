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
#include "services/classification/storage/model_store.h"

namespace veche::classification {

// The models of this process: the one in use, and the candidate beside it. The database says which
// they are; every replica looks now and then, and reads the bytes from its folder or, where they
// are missing or damaged there, from the database. Those who classify never wait for any of it.
// Thread-safe.
class Shelf {
 public:
  struct Parts {
    sql::Database& database;
    ModelStore& models;
    std::filesystem::path folder;  // "classification" in the data folder: models/, model.bin
    std::shared_ptr<const Classifier> built_in;
    const Clock& clock;
    observe::Telemetry telemetry;
  };

  // The built-in model is in use until Open. What the parts refer to must outlive it.
  explicit Shelf(Parts parts);

  // Takes an operator's model.bin that is new, and puts what is in use into use. A model that
  // cannot be read is no reason not to start: the built-in one answers and the log says why.
  absl::Status Open();

  // Looks whether other models are in use by now. Of a model that cannot be read the log tells
  // once, the metric veche_classifier_model_unreadable as long as that lasts, and the former one
  // stays.
  absl::Status Refresh();

  const Published<Classifier>& active() const { return active_; }
  InUse in_use() const;
  // Null when there is none.
  std::shared_ptr<const Classifier> shadow() const;
  const std::shared_ptr<const Classifier>& built_in() const { return parts_.built_in; }

  // Reads a model and makes its file if it is missing. NotFound; InvalidArgument.
  absl::StatusOr<std::shared_ptr<const Classifier>> Load(const std::string& version);

  // Deletes models that need not be kept, here and in the database.
  absl::Status Tidy();

 private:
  absl::Status TakeOperatorsFile();
  // The model of the program for "".
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
  InUse in_use_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const Classifier> shadow_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::classification
