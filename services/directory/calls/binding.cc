#include "services/directory/calls/binding.h"

namespace veche::directory {

std::vector<rpc::ServiceBuilder> Bind(Handlers& handlers) {
  return {rpc::ServiceBuilder("veche.directory.v1.Directory")
              .Unary(handlers, &Handlers::ListDistricts, &Handlers::GetDistrict,
                     &Handlers::LocateDistrict, &Handlers::ListDepartments,
                     &Handlers::ListCategories, &Handlers::ImportDirectory)};
}

}  // namespace veche::directory
