#pragma once

#include "common/rpc/dispatcher.h"
#include "services/directory/calls/handlers.h"
#include "veche/directory/v1/directory.grpc.pb.h"

namespace veche::directory {

// The gRPC binding: one line for each RPC.
class Service final : public v1::Directory::CallbackService {
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

 public:
  Service(rpc::Dispatcher& rpc, Handlers& handlers) : rpc_(rpc) {
    rpc.Bind(handlers, &Handlers::ListDistricts, &Handlers::GetDistrict, &Handlers::LocateDistrict,
             &Handlers::ListDepartments, &Handlers::ListCategories, &Handlers::ImportDirectory);
  }

  Reactor* ListDistricts(Context* context, const v1::ListDistrictsRequest* request,
                         v1::ListDistrictsResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* GetDistrict(Context* context, const v1::GetDistrictRequest* request,
                       v1::District* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* LocateDistrict(Context* context, const v1::LocateDistrictRequest* request,
                          v1::District* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ListDepartments(Context* context, const v1::ListDepartmentsRequest* request,
                           v1::ListDepartmentsResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ListCategories(Context* context, const v1::ListCategoriesRequest* request,
                          v1::ListCategoriesResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ImportDirectory(Context* context, const v1::ImportDirectoryRequest* request,
                           v1::ImportDirectoryResponse* response) override {
    return rpc_.Unary(context, request, response);
  }

 private:
  rpc::Dispatcher& rpc_;
};

}  // namespace veche::directory
