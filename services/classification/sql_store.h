#pragma once

#include "services/classification/store.h"

namespace veche::classification {

class SqlStore final : public Store {
 public:
  absl::Status PutCorrection(sql::Transaction& transaction, const Correction& correction) override;
  absl::StatusOr<std::optional<Correction>> FindCorrection(sql::Transaction& transaction,
                                                           absl::string_view appeal) override;
};

}  // namespace veche::classification
