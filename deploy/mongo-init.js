// Runs once, on an empty data folder: one user for each service, each with the rights to its own database alone.
for (const service of ["intake", "matching", "notify"]) {
  db.getSiblingDB("admin").createUser({
    user: service,
    pwd: process.env[`MONGO_PASSWORD_${service.toUpperCase()}`],
    roles: [{ role: "readWrite", db: `debai_${service}` }, { role: "clusterMonitor", db: "admin" }],
  });
}
