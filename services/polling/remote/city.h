#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/channels.h"
#include "services/polling/protocol/definition.h"
#include "veche/directory/v1/directory.grpc.pb.h"
#include "veche/identity/v1/identity.grpc.pb.h"

namespace veche::polling {

// What polling asks of identity and the directory. Errors are those of the calls. Thread-safe.
class City {
 public:
  // `channels` must outlive the object.
  explicit City(rpc::Channels& channels);

  // How many residents may vote now.
  absl::StatusOr<int64_t> CountEligible(const protocol::Definition& definition);
  // "districts/{id}" of all districts.
  absl::StatusOr<std::vector<std::string>> ListDistricts();

 private:
  const std::unique_ptr<identity::v1::Identity::StubInterface> identity_;
  const std::unique_ptr<directory::v1::Directory::StubInterface> directory_;
};

}  // namespace veche::polling
