#pragma once

#include "services/directory/storage/store.h"

namespace veche::directory {

class SqlStore final : public Store {
 public:
  // `database` must outlive it and have the migrations.
  explicit SqlStore(sql::Database& database) : database_(database) {}

  absl::StatusOr<int64_t> Version() override;
  absl::StatusOr<City> Load() override;
  absl::Status Import(const City& update,
                      absl::FunctionRef<absl::Status(sql::Transaction&)> finish) override;

 private:
  sql::Database& database_;
};

// The service's tables, embedded.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::directory
