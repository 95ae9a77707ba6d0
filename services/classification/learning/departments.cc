#include "services/classification/learning/departments.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "services/classification/classifier/reference.h"
#include "veche/directory/v1/directory.grpc.pb.h"

namespace veche::classification {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(10);

class RemoteDepartments final : public DepartmentSource {
 public:
  explicit RemoteDepartments(std::shared_ptr<grpc::Channel> channel)
      : stub_(directory::v1::Directory::NewStub(std::move(channel))) {}

  absl::StatusOr<std::map<std::string, std::string>> Kinds() override {
    directory::v1::ListDepartmentsResponse response;
    const auto context = rpc::NewBackgroundContext("classification", kTimeout);
    RETURN_IF_ERROR(rpc::FromGrpc(
        stub_->ListDepartments(context.get(), directory::v1::ListDepartmentsRequest(), &response)));
    std::map<std::string, std::string> kinds;
    for (const directory::v1::Department& department : response.departments()) {
      if (!department.kind().empty()) kinds[department.name()] = department.kind();
    }
    return kinds;
  }

 private:
  const std::unique_ptr<directory::v1::Directory::Stub> stub_;
};

class NamedByKind final : public DepartmentSource {
 public:
  absl::StatusOr<std::map<std::string, std::string>> Kinds() override {
    std::map<std::string, std::string> kinds;
    for (const Topic& topic : Topics()) {
      kinds[absl::StrCat("departments/", topic.department_kind)] = topic.department_kind;
    }
    return kinds;
  }
};

}  // namespace

std::unique_ptr<DepartmentSource> DirectoryDepartments(std::shared_ptr<grpc::Channel> channel) {
  return std::make_unique<RemoteDepartments>(std::move(channel));
}

std::unique_ptr<DepartmentSource> DepartmentsNamedByKind() {
  return std::make_unique<NamedByKind>();
}

}  // namespace veche::classification
