#include "services/directory/calls/binding.h"

namespace veche::directory {

std::vector<rpc::ServiceBuilder> Bind(DirectoryCalls& calls) {
  return {rpc::ServiceBuilder("veche.directory.v1.Directory")
              .Unary(calls, &DirectoryCalls::ListDistricts, &DirectoryCalls::GetDistrict,
                     &DirectoryCalls::LocateDistrict, &DirectoryCalls::ListDepartments,
                     &DirectoryCalls::ListCategories, &DirectoryCalls::ImportDirectory)};
}

}  // namespace veche::directory
