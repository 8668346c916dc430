declare module "workerd";
